#include "node/peer_reactors.h"

#include <atomic>

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include "node/tls.h"
#include "proto/status.h"

namespace usance::node {

namespace {

using Frames = v1::PeerFrames;

class Accepted final : public grpc::ServerBidiReactor<Frames, Frames>, public PeerWire {
 public:
  Accepted(std::shared_ptr<PeerStream> stream, grpc::CallbackServerContext* context)
      : stream_(std::move(stream)), context_(context) {}

  void start_read(Frames* into) override { StartRead(into); }
  void start_write(const Frames* frames) override { StartWrite(frames); }
  void finish(const grpc::Status& status) override { Finish(status); }
  void cancel() override { context_->TryCancel(); }

  void OnReadDone(bool ok) override { stream_->read_done(ok); }
  void OnWriteDone(bool ok) override { stream_->write_done(ok); }
  void OnCancel() override { stream_->close(grpc::Status::CANCELLED); }
  void OnDone() override {
    stream_->done("closed");
    delete this;
  }

 private:
  std::shared_ptr<PeerStream> stream_;
  grpc::CallbackServerContext* context_;
};

class Refused final : public grpc::ServerBidiReactor<Frames, Frames> {
 public:
  explicit Refused(const Error& error) { Finish(proto::grpc_status(error)); }
  void OnDone() override { delete this; }
};

class Dialled final : public grpc::ClientBidiReactor<Frames, Frames>, public PeerWire {
 public:
  Dialled(std::shared_ptr<PeerStream> stream, const std::shared_ptr<grpc::Channel>& channel)
      : stream_(std::move(stream)), stub_(v1::PeerService::NewStub(channel)) {
    stub_->async()->Connect(&context_, this);
    // Writes come from other threads than the reactions: the hold keeps the call until finish().
    AddHold();
    stream_->begin(this);
    StartCall();
  }

  void start_read(Frames* into) override { StartRead(into); }
  void start_write(const Frames* frames) override { StartWrite(frames); }
  void finish(const grpc::Status&) override {
    context_.TryCancel();
    RemoveHold();
  }
  void cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    if (ok && !identified_) {
      identified_ = true;
      const auto certificate = x509::inspect(peer_certificate(*context_.auth_context()));
      if (certificate) stream_->set_peer_certificate(*certificate);
    }
    stream_->read_done(ok);
  }
  void OnWriteDone(bool ok) override { stream_->write_done(ok); }
  void OnDone(const grpc::Status& status) override {
    stream_->done(status.error_message().empty() ? "closed" : status.error_message());
    delete this;
  }

 private:
  std::shared_ptr<PeerStream> stream_;
  std::unique_ptr<v1::PeerService::Stub> stub_;
  grpc::ClientContext context_;
  bool identified_ = false;
};

}  // namespace

grpc::ServerBidiReactor<Frames, Frames>* PeerService::Connect(
    grpc::CallbackServerContext* context) {
  const auto certificate = x509::inspect(peer_certificate(*context->auth_context()));
  if (!certificate) return new Refused(certificate.error());
  if (settings_.directory->get()->by_tls_key(certificate->key_hash) == nullptr)
    return new Refused(
        Error{ErrorCode::kPermissionDenied,
              "no node of this network has the certificate key " + to_hex(certificate->key_hash)});
  auto stream =
      std::make_shared<PeerStream>(settings_, owner_, PeerSide::kAcceptor, context->peer());
  auto* reactor = new Accepted(stream, context);
  stream->begin(reactor, *certificate);
  return reactor;
}

std::shared_ptr<PeerStream> dial(const PeerSettings& settings, PeerOwner& owner,
                                 const std::string& address,
                                 const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(std::string(x509::kNodeDnsName));
  arguments.SetMaxReceiveMessageSize(16 << 20);
  // A link that died without a word must be noticed; and gRPC's own reconnecting must not hold
  // back the dialler's.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  auto stream = std::make_shared<PeerStream>(settings, owner, PeerSide::kDialler, address);
  new Dialled(stream, grpc::CreateCustomChannel(address, credentials, arguments));
  return stream;
}

}  // namespace usance::node
