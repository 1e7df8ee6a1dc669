#include "contracts/system/timers.h"

#include "contracts/sdk/storage.h"
#include "contracts/system/interfaces.h"
#include "contracts/system/record_view.h"

namespace usance::timers {

namespace {

using contract::ordered_key;

constexpr std::string_view kDue = "due";
constexpr std::string_view kDead = "dead";
constexpr std::string_view kIndex = "index";
constexpr std::string_view kCounter = "counter";
constexpr std::uint32_t kPage = 100;
constexpr std::uint32_t kMostPage = 256;
constexpr std::uint64_t kFirstDelayMs = 60'000;

Bytes due_key(const Position& position) {
  Bytes key = ordered_key(position.at.value);
  const Bytes id = ordered_key(position.id);
  key.insert(key.end(), id.begin(), id.end());
  return key;
}

template <class T>
void put(Overlay& overlay, std::string_view scope, ByteView key, const T& value) {
  overlay.put(kContract, as_bytes(scope), record_item<T>(key), contract::to_wire(value));
}

template <class T>
void erase(Overlay& overlay, std::string_view scope, ByteView key) {
  overlay.del(kContract, as_bytes(scope), record_item<T>(key));
}

std::uint64_t new_id(Overlay& overlay) {
  const auto raw = overlay.get(kContract, as_bytes(kCounter), as_bytes(v1::Counter::kItem));
  v1::Counter counter = raw ? decode_record<v1::Counter>(*raw) : v1::Counter{};
  ++counter.last;
  overlay.put(kContract, as_bytes(kCounter), as_bytes(v1::Counter::kItem),
              contract::to_wire(counter));
  return counter.last;
}

void insert(Overlay& overlay, const Timer& timer) {
  put(overlay, kDue, due_key(position(timer)), timer);
  put(overlay, kIndex, ordered_key(timer.id), v1::Place{timer.at, timer.contract});
}

class Timers final : public v1::Timers {
 public:
  Timer get(contract::Context& ctx, const v1::GetRequest& request) override {
    const auto unknown = [&] { return v1::errors::unknown_timer(request.id); };
    const auto place =
        contract::Collection<v1::Place>(ctx, kIndex).get(ordered_key(request.id), unknown);
    const Position at{TimeMs(static_cast<std::uint64_t>(place.at)), request.id};
    return contract::Collection<Timer>(ctx, kDue).get(due_key(at), unknown);
  }
  v1::ListResponse list(contract::Context& ctx, const v1::ListRequest& request) override {
    return list_of(ctx, kDue, request);
  }
  v1::ListResponse list_dead(contract::Context& ctx, const v1::ListRequest& request) override {
    return list_of(ctx, kDead, request);
  }

 private:
  static v1::ListResponse list_of(contract::Context& ctx, std::string_view scope,
                                  const v1::ListRequest& request) {
    const std::size_t limit = request.limit == 0 ? kPage : std::min(request.limit, kMostPage);
    v1::ListResponse response;
    contract::Collection<Timer>(ctx, scope).each([&](const Bytes&, const Timer& timer) {
      if (request.contract.empty() || request.contract == timer.contract)
        response.timers.push_back(timer);
      return response.timers.size() < limit;
    });
    return response;
  }
};

void dispatch(contract::Context& ctx, Invocation&) {
  Timers contract;
  v1::dispatch(ctx, contract);
}

}  // namespace

Position position(const Timer& timer) {
  return {TimeMs(static_cast<std::uint64_t>(timer.at)), timer.id};
}

std::uint64_t add(Overlay& overlay, Timer timer) {
  timer.id = new_id(overlay);
  insert(overlay, timer);
  return timer.id;
}

bool cancel(Overlay& overlay, std::string_view contract, std::uint64_t id) {
  const auto raw =
      overlay.get(kContract, as_bytes(kIndex), record_item<v1::Place>(ordered_key(id)));
  if (!raw) return false;
  const auto place = decode_record<v1::Place>(*raw);
  if (place.contract != contract) return false;
  erase<Timer>(overlay, kDue, due_key({TimeMs(static_cast<std::uint64_t>(place.at)), id}));
  erase<v1::Place>(overlay, kIndex, ordered_key(id));
  return true;
}

std::optional<Timer> first_after(Overlay& overlay, const std::optional<Position>& position) {
  Bytes from = to_bytes(Timer::kItemPrefix);
  if (position) {
    from = record_item<Timer>(due_key(*position));
    from.push_back(0);
  }
  std::size_t skipped = 0;
  const auto found = overlay.next(kContract, as_bytes(kDue), from, {}, skipped);
  if (!found) return std::nullopt;
  return decode_record<Timer>(found->value);
}

void remove(Overlay& overlay, const Timer& timer) {
  erase<Timer>(overlay, kDue, due_key(position(timer)));
  erase<v1::Place>(overlay, kIndex, ordered_key(timer.id));
}

bool retry(Overlay& overlay, Timer timer, TimeMs now) {
  ++timer.attempts;
  if (timer.attempts > kRetries) {
    put(overlay, kDead, ordered_key(timer.id), timer);
    return false;
  }
  const std::uint64_t delay = kFirstDelayMs << (2 * (timer.attempts - 1));  // times 4 each
  timer.at = static_cast<std::int64_t>(now.value + delay);
  insert(overlay, timer);
  return true;
}

SystemContract system_contract() {
  return {kContract, &dispatch, interfaces::timers()};
}

}  // namespace usance::timers
