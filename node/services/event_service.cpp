// EventService: contract events with a lossless cursor.
#include "node/services/follow.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/event.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

constexpr std::size_t kEventsPerMessage = 200;
constexpr std::size_t kBytesPerMessage = 1 << 20;
constexpr std::uint64_t kHeightsPerStep = 256;  // searched in one go when few events match

struct Filter {
  std::string contract;
  std::string name;
  Bytes key;

  [[nodiscard]] bool matches(const Event& event) const {
    return (contract.empty() || contract == event.contract) &&
           (name.empty() || name == event.name) && (key.empty() || key == event.key);
  }
};

class EventStream final : public FollowStream<v1::StreamEventsResponse> {
 public:
  EventStream(const ServiceContext& services, const v1::StreamEventsRequest& request)
      : FollowStream(services, request),
        filter_{request.contract(), request.name(), to_bytes(request.key())},
        until_now_(request.until_now()) {
    if (request.has_after()) {
      after_ = storage::EventCursor{Height(request.after().height()), request.after().action(),
                                    request.after().index()};
      height_ = after_->height;
    } else if (request.from_now()) {
      height_ = services.delivery.certified_height().next();
    }
  }

 protected:
  Api<Step> produce(Height certified, v1::StreamEventsResponse& out) override {
    if (until_now_ && !end_) end_ = certified;
    const Height last = end_ ? *end_ : certified;
    if (height_ > last) return end_ ? Step::kOver : Step::kNothingYet;
    bytes_ = 0;
    Height complete = height_;
    for (std::uint64_t searched = 0; height_ <= last && searched < kHeightsPerStep; ++searched) {
      USANCE_ASSIGN(const bool whole, add_events_of(height_, out));
      if (!whole) return Step::kMessage;  // goes on within this height
      complete = height_;
      height_ = height_.next();
      after_.reset();
    }
    out.set_complete_to_height(complete.value);
    return Step::kMessage;
  }

 private:
  // False if the message is full before the height's last event.
  Result<bool> add_events_of(Height height, v1::StreamEventsResponse& out) {
    USANCE_ASSIGN(const std::vector<Event> events, services().store.events(height));
    std::optional<ResultHeader> result;
    for (const Event& event : events) {
      const storage::EventCursor cursor{height, event.action, event.index};
      if ((after_ && cursor <= *after_) || !filter_.matches(event)) continue;
      if (static_cast<std::size_t>(out.events_size()) >= kEventsPerMessage ||
          bytes_ >= kBytesPerMessage)
        return false;
      if (!result) {
        USANCE_ASSIGN(result, services().store.result_header(height));
      }
      USANCE_ASSIGN(const Receipt receipt, services().store.receipt({height, event.action}));
      v1::EventRecord& record = *out.add_events();
      record.mutable_cursor()->set_height(height.value);
      record.mutable_cursor()->set_action(event.action);
      record.mutable_cursor()->set_index(event.index);
      record.set_time_ms(result->time.value);
      record.set_tx_id(proto::to_string(receipt.tx));
      record.set_contract(event.contract);
      record.set_name(event.name);
      record.set_key(proto::to_string(ByteView(event.key)));
      record.set_data(proto::to_string(ByteView(event.data)));
      record.set_event(proto::canonical(event));
      bytes_ += 2 * event.data.size() + 200;
      after_ = cursor;
    }
    return true;
  }

  const Filter filter_;
  const bool until_now_;
  std::optional<Height> end_;
  Height height_{1};  // being worked off
  std::optional<storage::EventCursor> after_;
  std::size_t bytes_ = 0;
};

class EventService final : public v1::EventService::CallbackService {
 public:
  explicit EventService(const ServiceContext& services) : services_(services) {}
  grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamEvents(
      grpc::CallbackServerContext* call, const v1::StreamEventsRequest* request) override {
    return EventStream::start(std::make_shared<EventStream>(services_, *request), call);
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_event_service(const ServiceContext& services) {
  return std::make_unique<EventService>(services);
}

}  // namespace usance::node
