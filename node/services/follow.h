// Streams that follow the ledger: everything certified so far, then each new height. What is sent
// is read from the store by position, so nothing is lost or buffered for a slow client.
#pragma once

#include <memory>
#include <mutex>

#include "node/services/context.h"

namespace usance::node {

template <class Message>
class FollowStream : public grpc::ServerWriteReactor<Message>, public HeightListener {
 public:
  // Takes its first step when the delivery thread tells the current height.
  static grpc::ServerWriteReactor<Message>* start(std::shared_ptr<FollowStream> made,
                                                  grpc::CallbackServerContext* call) {
    made->self_ = made;
    const auto caller = paced_reader(made->services_, *call, made->note_);
    if (!caller) {
      const std::lock_guard lock(made->mutex_);
      made->end(caller.error());
    } else {
      made->org_ = caller->org;
      made->services_.delivery.listen(made);
    }
    return made.get();
  }

  void certified(Height height) override {
    const std::lock_guard lock(mutex_);
    certified_ = std::max(certified_, height);
    work();
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    busy_ = false;
    if (!ok) return end_cancelled();
    again_ = true;
    work();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (!busy_) end_cancelled();
  }
  void OnDone() override { self_.reset(); }

 protected:
  enum class Step { kMessage, kNothingYet, kOver };
  FollowStream(const ServiceContext& services, const google::protobuf::Message& request)
      : services_(services), note_(services.access_log, services.clock, request) {}
  // The next message from what is certified; called by one query thread at a time.
  virtual proto::Api<Step> produce(Height certified, Message& out) = 0;
  [[nodiscard]] const ServiceContext& services() const { return services_; }

 private:
  void work() {
    if (busy_ || over_) return;
    if (cancelled_) return end_cancelled();
    if (certified_ == seen_ && !again_) return;
    seen_ = certified_;
    again_ = false;
    busy_ = true;
    std::shared_ptr<FollowStream> self = self_;
    const bool queued = services_.queries.submit([self](Executor&) { self->step(); });
    if (!queued) {
      busy_ = false;
      end(proto::ApiError(v1::REASON_QUOTA, "too many queries wait; resume from your cursor")
              .retry(std::chrono::milliseconds(500)));
    }
  }
  void step() {
    Height certified;
    {
      const std::lock_guard lock(mutex_);
      certified = certified_;
    }
    message_.Clear();
    const proto::Api<Step> produced =
        services_.damage.watch([&] { return produce(certified, message_); });
    // A stream that has begun goes on, at the cost of what its organisation may ask for next.
    if (produced && *produced == Step::kMessage) static_cast<void>(services_.query_rate.take(org_));
    const std::lock_guard lock(mutex_);
    if (produced && *produced == Step::kMessage && !cancelled_) return this->StartWrite(&message_);
    busy_ = false;
    if (cancelled_) return end_cancelled();
    if (!produced) return end(produced.error());
    if (*produced == Step::kOver) return end(grpc::Status::OK, "OK");
    if (certified_ != certified) work();
  }
  void end(const proto::ApiError& error) {
    end(proto::grpc_status(error), proto::reason_name(error.reason));
  }
  void end_cancelled() { end(grpc::Status::CANCELLED, "CANCELLED"); }
  void end(const grpc::Status& status, const std::string& result) {
    if (over_) return;
    over_ = true;
    note_.ended(result);
    this->Finish(status);
  }

  const ServiceContext& services_;
  AccessNote note_;
  OrgId org_;
  Message message_;
  std::mutex mutex_;
  Height certified_;
  Height seen_{~std::uint64_t{0}};
  bool again_ = false, busy_ = false, cancelled_ = false, over_ = false;
  std::shared_ptr<FollowStream> self_;  // until gRPC is done with it
};

}  // namespace usance::node
