#include "contracts/sdk/money.h"
#include "contracts/sdk/storage.h"
#include "probe/probe.usance.h"

namespace usance::probe::v1 {
namespace {

using sdk::Bytes;
using sdk::Context;
using sdk::Empty;

std::int32_t deep(volatile std::int32_t* depth) {
  *depth = *depth + 1;
  return *depth < 0 ? 0 : deep(depth) + *depth;
}

class ProbeContract final : public Probe {
 public:
  ForwardReply forward(Context& ctx, const ForwardRequest& request) override {
    const sdk::CallResult<Bytes> result =
        ctx.call_bytes(request.contract, request.method, request.arguments);
    if (request.must_succeed) (void)sdk::require(result);
    return {result.status, result.code, result.contract, result.detail, result.response};
  }

  Timer forward_later(Context& ctx, const ForwardLaterRequest& request) override {
    return {ctx.schedule<method::Run>(request.at_ms, request.forward).value};
  }

  ForwardReply run(Context& ctx, const ForwardRequest& request) override {
    return forward(ctx, request);
  }

  Flag cancel_timer(Context& ctx, const Timer& request) override {
    return {ctx.cancel(sdk::TimerId{request.id})};
  }

  Empty write(Context& ctx, const Entry& request) override {
    sdk::Collection<Entry>(ctx, request.scope).put(request.key, request);
    return {};
  }

  Flag erase(Context& ctx, const Entry& request) override {
    return {sdk::Collection<Entry>(ctx, request.scope).erase(request.key)};
  }

  Entries list(Context& ctx, const Range& request) override {
    const sdk::Collection<Entry> entries(ctx, request.scope);
    Entries out;
    auto entry = entries.first_from(request.from);
    while (entry && out.entries.size() < request.limit) {
      out.entries.push_back(entry->value);
      entry = entries.first_after(entry->key);
    }
    return out;
  }

  Empty write_and_fail(Context& ctx, const Entry& request) override {
    write(ctx, request);
    ctx.emit(Emitted{request.key, 0});
    sdk::fail(errors::refused(request.key));
  }

  Empty write_in_view(Context& ctx, const Entry& request) override { return write(ctx, request); }

  Description describe(Context& ctx, const Empty&) override {
    return {ctx.organisation(),
            ctx.user(),
            ctx.public_key(),
            ctx.self(),
            ctx.calling_contract(),
            ctx.transaction_id(),
            static_cast<std::uint32_t>(ctx.invocation()),
            ctx.height(),
            ctx.now_ms(),
            ctx.has_role("bank"),
            ctx.has_permission("checker")};
  }

  Computed compute(Context& ctx, const ComputeRequest& request) override {
    Computed out;
    out.sha256 = ctx.sha256(request.data);
    out.sha3_256 = ctx.sha3_256(request.data);
    out.ed25519 = ctx.ed25519_verify(request.key, request.data, request.signature);
    out.p256 = ctx.p256_verify(request.key, request.data, request.signature);
    std::int64_t quotient = 0;
    if (sdk::muldiv(request.a, request.b, request.c, static_cast<sdk::Rounding>(request.rounding),
                    quotient))
      out.muldiv = quotient;
    return out;
  }

  Empty emit(Context& ctx, const EmitRequest& request) override {
    for (std::uint32_t i = 0; i < request.count; ++i) ctx.emit(Emitted{"probe", i});
    return {};
  }

  Empty misbehave(Context&, const MisbehaveRequest& request) override {
    volatile std::int32_t number = 0;
    switch (request.how) {
      case Misbehaviour::kTrap: __builtin_trap();
      case Misbehaviour::kLoop:
        while (number >= 0) number = number & 1;
        break;
      case Misbehaviour::kRecurse: deep(&number); break;
      case Misbehaviour::kAllocate:
        for (;;) number = static_cast<volatile char*>(::operator new(1U << 20))[0];
      case Misbehaviour::kOutOfBounds:
        number = *reinterpret_cast<volatile std::int32_t*>(0xFFFFFFF0U);
        break;
      case Misbehaviour::kDivideByZero:
        number = 7 / number;  // of 1 the compiler makes a comparison break;
    }
    return {};
  }

  Empty only_banks(Context&, const Empty&) override { return {}; }
  Empty only_contracts(Context&, const Empty&) override { return {}; }

  Empty migrate(Context& ctx, const sdk::MigrateRequest& request) override {
    sdk::Record<Migrated> record(ctx, "");
    Migrated migrated = record.find().value_or(Migrated{});
    migrated.from_version = request.from_version;
    ++migrated.times;
    record.put(migrated);
    return {};
  }
};

}  // namespace

void invoke(Context& ctx) {
  ProbeContract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::probe::v1
