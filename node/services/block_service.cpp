// BlockService: blocks with their certificates and results.
#include "node/services/follow.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/block.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

struct Wanted {
  bool bodies = false;
  bool receipts = false;
};

Api<void> fill_block(const ServiceContext& services, Height height, Wanted wanted,
                     v1::BlockRecord& out) {
  out.set_height(height.value);
  USANCE_ASSIGN(const BlockHeader header, services.store.header(height));
  out.set_header(proto::canonical(header));
  out.set_block_hash(proto::to_string(block_hash(header)));
  if (wanted.bodies && height.value > 0) {
    USANCE_ASSIGN(const Block block, services.store.block(height));
    out.set_body(proto::canonical(block.body));
  }
  if (height.value > 0) {
    USANCE_ASSIGN(const Certificate certificate, services.store.commit_certificate(height));
    out.set_commit_certificate(proto::canonical(certificate));
  }
  if (wanted.receipts) {
    USANCE_ASSIGN(const std::vector<Receipt> receipts, services.store.receipts(height));
    for (const Receipt& receipt : receipts) out.add_receipts(proto::canonical(receipt));
  }
  return fill_certified(services, height, *out.mutable_certified());
}

// One block per message.
class BlockStream final : public FollowStream<v1::BlockRecord> {
 public:
  BlockStream(const ServiceContext& services, const v1::StreamBlocksRequest& request)
      : FollowStream(services, request),
        next_(request.from_height() == 0 ? services.delivery.certified_height().next()
                                         : Height(request.from_height())),
        last_(request.to_height()),
        wanted_{request.with_bodies(), request.with_receipts()} {}

 protected:
  Api<Step> produce(Height certified, v1::BlockRecord& out) override {
    if (last_ != 0 && next_.value > last_) return Step::kOver;
    if (next_ > certified) return Step::kNothingYet;
    if (auto filled = fill_block(services(), next_, wanted_, out); !filled)
      return tl::unexpected(filled.error());
    next_ = next_.next();
    return Step::kMessage;
  }

 private:
  Height next_;
  const std::uint64_t last_;
  const Wanted wanted_;
};

class BlockService final : public v1::BlockService::CallbackService {
 public:
  explicit BlockService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* GetBlock(grpc::CallbackServerContext* call,
                                     const v1::GetBlockRequest* request,
                                     v1::GetBlockResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) -> Api<void> {
      const auto height = read_height(services_, request->height());
      if (!height) return tl::unexpected(height.error());
      return fill_block(services_, *height, {true, request->with_receipts()},
                        *response->mutable_block());
    });
  }
  grpc::ServerUnaryReactor* GetHeader(grpc::CallbackServerContext* call,
                                      const v1::GetHeaderRequest* request,
                                      v1::GetHeaderResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) -> Api<void> {
      const auto height = read_height(services_, request->height());
      if (!height) return tl::unexpected(height.error());
      return fill_block(services_, *height, {}, *response->mutable_block());
    });
  }
  grpc::ServerWriteReactor<v1::BlockRecord>* StreamBlocks(
      grpc::CallbackServerContext* call, const v1::StreamBlocksRequest* request) override {
    return BlockStream::start(std::make_shared<BlockStream>(services_, *request), call);
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_block_service(const ServiceContext& services) {
  return std::make_unique<BlockService>(services);
}

}  // namespace usance::node
