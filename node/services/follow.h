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
    if (auto caller = made->services_.access.reader(*call); !caller) {
      const std::lock_guard lock(made->mutex_);
      made->end(proto::grpc_status(caller.error()));
    } else {
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
    if (!ok) return end(grpc::Status::CANCELLED);
    again_ = true;
    work();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (!busy_) end(grpc::Status::CANCELLED);
  }
  void OnDone() override { self_.reset(); }

 protected:
  enum class Step { kMessage, kNothingYet, kOver };
  explicit FollowStream(const ServiceContext& services) : services_(services) {}
  // The next message from what is certified; called by one query thread at a time.
  virtual proto::Api<Step> produce(Height certified, Message& out) = 0;
  [[nodiscard]] const ServiceContext& services() const { return services_; }

 private:
  void work() {
    if (busy_ || over_) return;
    if (cancelled_) return end(grpc::Status::CANCELLED);
    if (certified_ == seen_ && !again_) return;
    seen_ = certified_;
    again_ = false;
    busy_ = true;
    std::shared_ptr<FollowStream> self = self_;
    const bool queued = services_.queries.submit([self](Executor&) { self->step(); });
    if (!queued) {
      busy_ = false;
      end(proto::grpc_status(
          proto::ApiError(v1::REASON_QUOTA, "too many queries wait; resume from your cursor")
              .retry(std::chrono::milliseconds(500))));
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
    const std::lock_guard lock(mutex_);
    if (produced && *produced == Step::kMessage && !cancelled_) return this->StartWrite(&message_);
    busy_ = false;
    if (cancelled_) return end(grpc::Status::CANCELLED);
    if (!produced) return end(proto::grpc_status(produced.error()));
    if (*produced == Step::kOver) return end(grpc::Status::OK);
    if (certified_ != certified) work();
  }
  void end(const grpc::Status& status) {
    if (over_) return;
    over_ = true;
    this->Finish(status);
  }

  const ServiceContext& services_;
  Message message_;
  std::mutex mutex_;
  Height certified_;
  Height seen_{~std::uint64_t{0}};
  bool again_ = false, busy_ = false, cancelled_ = false, over_ = false;
  std::shared_ptr<FollowStream> self_;  // until gRPC is done with it
};

}  // namespace usance::node
