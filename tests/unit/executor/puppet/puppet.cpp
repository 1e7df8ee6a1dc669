#include "contracts/sdk/storage.h"
#include "puppet/puppet.usance.h"

namespace usance::puppet::v1 {

namespace {

using sdk::Bytes;
using sdk::Context;
using Empty = sdk::Empty;

// Not a tail call, and not to be seen through.
[[gnu::noinline]] std::uint32_t dig(volatile std::uint32_t* depth) {
  *depth = *depth + 1;
  if (*depth == 0) return 0;  // four thousand million calls down
  return dig(depth) + *depth;
}

class PuppetContract final : public Puppet {
 public:
  Empty put(Context& ctx, const PutRequest& request) override {
    ctx.put(request.scope, request.item, request.value);
    return {};
  }
  Empty put_and_fail(Context& ctx, const PutRequest& request) override {
    put(ctx, request);
    ctx.emit(Happened{"before the failure", {}});
    sdk::fail(errors::asked_to_fail(request.item));
  }
  Flag delete_(Context& ctx, const ItemRequest& request) override {
    return {ctx.erase(request.scope, request.item)};
  }
  Value get(Context& ctx, const ItemRequest& request) override {
    const auto value = ctx.get(request.scope, request.item);
    return {value.has_value(), value.value_or(Bytes())};
  }
  Values list(Context& ctx, const ListRequest& request) override {
    Values out;
    Bytes from;
    while (auto found = ctx.next(request.scope, from, "")) {
      out.items.emplace_back(found->item.begin(), found->item.end());
      from = found->item;
      from.push_back(0);
    }
    return out;
  }
  Empty emit(Context& ctx, const EmitRequest& request) override {
    for (std::uint32_t i = 0; i < request.count; ++i)
      ctx.emit(Happened{"emitted", Bytes(request.bytes, 1)});
    return {};
  }
  Empty spin(Context& ctx, const Empty&) override {
    for (;;) static_cast<void>(ctx.has("", ""));
  }
  Empty recurse(Context& ctx, const Empty&) override {
    volatile std::uint32_t depth = 0;
    ctx.put("dug", "depth", Bytes{static_cast<std::uint8_t>(dig(&depth))});
    return {};
  }
  Grown grow_memory(Context&, const Empty&) override {
    Grown out;
#ifdef __wasm__
    while (__builtin_wasm_memory_grow(0, 1) != static_cast<std::size_t>(-1)) ++out.pages;
#endif
    return out;
  }
  Empty read_out_of_bounds(Context& ctx, const Empty&) override {
#ifdef __wasm__
    const auto* beyond = reinterpret_cast<const volatile std::uint8_t*>(0xfffffff0u);
    ctx.put("read", "beyond", Bytes{*beyond});
#endif
    return {};
  }
  CallOutcome call(Context& ctx, const CallRequest& request) override {
    ctx.put("call", "before", Bytes{1});
    CallOutcome out;
#ifdef __wasm__
    // The raw host function: the tests name methods that no interface types.
    sdk::HostApi host;
    out.status =
        host.call(sdk::view(request.contract), sdk::view(request.method), request.arguments);
    out.result.resize(60'000);
    const std::int32_t size = host.call_result(out.result);
    out.result.resize(static_cast<std::size_t>(size < 0 ? 0 : size));
#endif
    ctx.put("call", "after", Bytes{static_cast<std::uint8_t>(out.status)});
    if (request.fail_afterwards) sdk::fail(errors::asked_to_fail("the end"));
    return out;
  }
  TimerNumber schedule(Context& ctx, const ScheduleRequest& request) override {
    return {ctx.schedule<method::OnTimer>(request.at, request.order, request.gas).value};
  }
  Flag cancel(Context& ctx, const TimerNumber& request) override {
    return {ctx.cancel(sdk::TimerId{request.id})};
  }
  Empty on_timer(Context& ctx, const TimerOrder& order) override {
    ctx.put("timer", order.item, Bytes{1});
    ctx.emit(Happened{order.item, {}});
    if (order.cancel != 0) ctx.cancel(sdk::TimerId{order.cancel});
    if (order.again_at != 0) {
      TimerOrder next;
      next.item = order.item + "+";
      ctx.schedule<method::OnTimer>(order.again_at, next);
    }
    if (order.fail) sdk::fail(errors::asked_to_fail(order.item));
    return {};
  }
  Empty migrate(Context& ctx, const sdk::MigrateRequest& request) override {
    if (ctx.has("migration", "refuse")) sdk::fail(errors::asked_to_fail("migration"));
    ctx.put("migration", "from", Bytes{static_cast<std::uint8_t>(request.from_version)});
    return {};
  }
  Surroundings who_am_i(Context& ctx, const Empty&) override {
    Surroundings out;
    out.organisation = ctx.organisation();
    out.user = ctx.user();
    out.self = ctx.self();
    out.calling_contract = ctx.calling_contract();
    out.invocation = static_cast<std::uint32_t>(ctx.invocation());
    out.height = ctx.height();
    out.time = ctx.now_ms();
    out.is_bank = ctx.has_role("bank");
    out.is_maker = ctx.has_permission("maker");
    return out;
  }
};

}  // namespace

void invoke(Context& ctx) {
  PuppetContract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::puppet::v1
