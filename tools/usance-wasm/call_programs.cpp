// What does not concern storage: events, timers, calls, hashes, signatures, inputs and outputs.
#include "base/signature.h"
#include "tools/usance-wasm/host_programs.h"

namespace usance::tools {

namespace {

constexpr std::int32_t kDrop = 0x1a;
constexpr std::int32_t kLongest = 60'000;

void append(Bytes& out, std::string_view words) {
  out.insert(out.end(), words.begin(), words.end());
}

Bytes filled(std::int32_t bytes) {
  Bytes out(static_cast<std::size_t>(bytes));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i * 131 + i / 7);
  return out;
}

// A key and a signature that have to be computed with to the end. Of the base point, which is on
// the curve, and numbers below its order: the result is "false" only after all the work.
Bytes p256_key_and_signature() {
  constexpr std::array<std::uint8_t, 65> kBasePoint = {
      0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
      0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
      0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
      0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
      0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};
  Bytes out(kBasePoint.begin(), kBasePoint.end());
  for (int i = 0; i < 64; ++i) out.push_back(static_cast<std::uint8_t>(0x71 + i));
  return out;
}

// Key, signature and the 32 bytes that it signs.
Bytes ed25519_key_and_signature() {
  const auto signer = ed25519_signer(SecretSeed{});
  const Hash32 message{};
  const PublicKey key = signer->public_key();
  const Signature signature = signer->sign(message);
  Bytes out(key.bytes.begin(), key.bytes.end());
  out.insert(out.end(), signature.bytes.begin(), signature.bytes.end());
  out.insert(out.end(), message.bytes.begin(), message.bytes.end());
  return out;
}

BodyWriter hash(const std::string& name, std::int32_t bytes) {
  return buffer(kPayloadAt, bytes).append(BodyWriter().i32(kOutAt)).append(host(name));
}

BodyWriter ed25519(std::int32_t bytes) {
  BodyWriter b;
  b.i32(kPayloadAt).append(buffer(kPayloadAt + 96, bytes)).i32(kPayloadAt + 32);
  return b.append(host("ed25519_verify")).op({kDrop});
}

BodyWriter p256(std::int32_t bytes) {
  BodyWriter b;
  b.i32(kPayloadAt).append(buffer(kPayloadAt, bytes)).i32(kPayloadAt + 65);
  return b.append(host("p256_verify")).op({kDrop});
}

BodyWriter input(const std::string& name) {
  return buffer(kOutAt, kOutBytes).append(host(name)).op({kDrop});
}

BodyWriter number(const std::string& name) {
  return host(name).op({kDrop});
}

BodyWriter emit(std::int32_t bytes) {
  // The name is the payload's first byte, the key is the counter's.
  return key(kScopeAt, 'k', 0)
      .append(buffer(kPayloadAt, 1))
      .append(buffer(kScopeAt, kKeyBytes))
      .append(buffer(kPayloadAt, bytes))
      .append(host("emit"));
}

BodyWriter schedule(std::int32_t bytes) {
  BodyWriter b;
  b.i64(std::int64_t{1} << 50).append(buffer(kPayloadAt, 1)).append(buffer(kPayloadAt, bytes));
  return b.i64(1'000'000).append(host("schedule")).op({kDrop});
}

BodyWriter call(std::int32_t name_bytes, std::int32_t method_bytes, std::int32_t argument_bytes) {
  return buffer(kPayloadAt, name_bytes)
      .append(buffer(kPayloadAt + name_bytes, method_bytes))
      .append(buffer(kPayloadAt + name_bytes + method_bytes, argument_bytes))
      .append(host("call"))
      .op({kDrop});
}

// A name that nobody registered, another one every time: letters of the counter.
BodyWriter call_of_nobody() {
  BodyWriter b = key(kScopeAt, 'x', 0);
  for (int i = 1; i < kKeyBytes; ++i) {
    const std::int32_t at = kScopeAt + i;
    b.i32(at).i32(at).memory(0x2d).i32(15).op({0x71}).i32('a').op({0x6a}).memory(0x3a);
  }
  return b.append(buffer(kScopeAt, kKeyBytes))
      .append(buffer(kPayloadAt, 1))
      .append(buffer(0, 0))
      .append(host("call"))
      .op({kDrop});
}

// Contract, method and arguments, one after the other.
Bytes called(std::string_view contract, const Bytes& arguments) {
  Bytes out;
  append(out, contract);
  append(out, "M");
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

std::vector<HostProgram> effects() {
  const Bytes bytes = filled(kLongest);
  Bytes named = bytes;
  named.front() = 'E';
  Bytes few = named;
  few.resize(300);
  const std::string contract = kCalledContract;
  const auto length = static_cast<std::int32_t>(contract.size());
  Bytes idle = program_arguments(0, 1, 0, {});
  Bytes long_idle = program_arguments(0, 1, 0, filled(kLongest));
  const auto idle_bytes = static_cast<std::int32_t>(idle.size());
  return {
      {"emit, empty", emit(0), 64, 400, few},
      {"emit, 300 bytes", emit(300), 64, 400, few},
      {"emit, 16,000 bytes", emit(16'000), 64, 8, {named.begin(), named.begin() + 16'000}},
      {"schedule", schedule(0), 5'000, 1, few},
      {"schedule, 32,000 bytes", schedule(32'000), 300, 1, {named.begin(), named.begin() + 32'000}},
      {"cancel", BodyWriter().get(kCounter).i64(1).op({0x7c}).append(host("cancel")).op({kDrop}),
       4'000, 1, few},
      {"cancel, 32,000 bytes",
       BodyWriter().get(kCounter).i64(15'001).op({0x7c}).append(host("cancel")).op({kDrop}), 300, 1,
       few},
      {"cancel, no such timer", BodyWriter().i64(-1).append(host("cancel")).op({kDrop}), 5'000, 1,
       few},
      {"call of a contract that does nothing", call(length, 1, idle_bytes), 2'000, 1,
       called(contract, idle)},
      {"call with 60,000 bytes", call(length, 1, idle_bytes + 50'000), 300, 1,
       called(contract, long_idle)},
      {"call of names that nobody has", call_of_nobody(), 5'000, 2, few},
      {"call of itself", call(5, 1, 0), 20'000, 1, called(kWorstContract, {})},
      {"call of a method that a system contract has not", call(10, 1, 0), 5'000, 1,
       called("governance", {})},
  };
}

std::vector<HostProgram> computing() {
  const Bytes bytes = filled(kLongest);
  const Bytes few(bytes.begin(), bytes.begin() + 64);
  std::vector<HostProgram> all = {
      {"sha256, empty", hash("sha256", 0), 50'000, 1, few},
      {"sha256, 64 bytes", hash("sha256", 64), 50'000, 1, few},
      {"sha256, 60,000 bytes", hash("sha256", kLongest), 300, 1, bytes},
      {"sha3_256, empty", hash("sha3_256", 0), 50'000, 1, few},
      {"sha3_256, 136 bytes", hash("sha3_256", 136), 50'000, 1, bytes},
      {"sha3_256, 60,000 bytes", hash("sha3_256", kLongest), 300, 1, bytes},
      {"ed25519_verify, 32 bytes", ed25519(32), 500, 1, ed25519_key_and_signature()},
      {"ed25519_verify, 60,000 bytes", ed25519(kLongest), 200, 1, ed25519_key_and_signature()},
      {"p256_verify, 64 bytes", p256(64), 200, 1, p256_key_and_signature()},
      {"p256_verify, 60,000 bytes", p256(kLongest), 200, 1, p256_key_and_signature()},
  };
  for (const std::int64_t divisor : {std::int64_t{3}, std::int64_t{-0x7123456789abcdef}}) {
    BodyWriter muldiv;
    muldiv.i64(0x7fedcba987654321).i64(divisor + 12345).i64(divisor).i32(3).i32(kOutAt);
    all.push_back({"muldiv by " + std::string(divisor == 3 ? "3" : "a large number"),
                   muldiv.append(host("muldiv")).op({kDrop}), 1'000'000, 1, few});
  }
  return all;
}

std::vector<HostProgram> inputs_and_outputs() {
  const Bytes bytes = filled(kLongest);
  const Bytes few(bytes.begin(), bytes.begin() + 64);
  BodyWriter finish = buffer(kPayloadAt, kLongest).append(host("finish"));
  BodyWriter short_finish = buffer(kPayloadAt, 8).append(host("finish"));
  BodyWriter log = buffer(kPayloadAt, kLongest).append(host("log"));
  BodyWriter context;
  context.i32(7).append(buffer(kOutAt, kOutBytes)).append(host("context")).op({kDrop});
  return {
      {"arguments, 60,000 bytes", input("arguments"), 1'000, 1, bytes},
      {"method", input("method"), 500'000, 1, few},
      {"context", context, 500'000, 1, few},
      {"call_result, before a call", input("call_result"), 500'000, 1, few},
      {"block_height", number("block_height"), 1'000'000, 1, few},
      {"block_time", number("block_time"), 1'000'000, 1, few},
      {"finish, 8 bytes", short_finish, 500'000, 1, few},
      {"finish, 60,000 bytes, again and again", finish, 1'000, 1, bytes},
      {"log, 60,000 bytes", log, 1'000, 1, bytes},
      {"a transaction", BodyWriter(), 1, 1'000, {}},
      {"a transaction with 60,000 bytes", BodyWriter(), 1, 60, bytes},
      {"a transaction with 60,000 bytes as its result", finish, 1, 60, bytes},
  };
}

}  // namespace

std::vector<HostProgram> other_programs() {
  std::vector<HostProgram> all = effects();
  for (HostProgram& program : computing()) all.push_back(std::move(program));
  for (HostProgram& program : inputs_and_outputs()) all.push_back(std::move(program));
  return all;
}

}  // namespace usance::tools
