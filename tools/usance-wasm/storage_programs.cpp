// Storage at its dearest: items that no cache holds, objects that must be read whole for one item,
// large values, trees that change in many places.
#include <functional>
#include <random>

#include "tools/usance-wasm/host_programs.h"

namespace usance::tools {

namespace {

// Kinds of objects, by the letter of their scopes.
constexpr char kSmall = 's';   // one item of 32 bytes
constexpr char kFull = 'm';    // as many items as a record holds
constexpr char kMedium = 'v';  // one item of 4,000 bytes
constexpr char kLarge = 'w';   // one item of 60,000 bytes
constexpr char kMany = 'L';    // one object of many items
constexpr char kHeavy = 'W';   // one object of items of 60,000 bytes
constexpr char kNew = 'n';     // not there before

constexpr std::uint64_t kSmallScopes = 1 << 17;
constexpr std::uint64_t kFullScopes = 1 << 13;
constexpr std::uint64_t kMediumScopes = 1 << 12;
constexpr std::uint64_t kLargeScopes = 1 << 8;
constexpr std::uint64_t kManyItems = 1 << 17;
constexpr std::uint64_t kHeavyItems = 1 << 8;
constexpr std::int32_t kLargeBytes = 60'000;

Bytes key_bytes(char letter, std::uint64_t number) {
  Encoder out;
  out(static_cast<std::uint8_t>(letter));
  out(number);
  return std::move(out).take();
}

Bytes random_bytes(std::size_t size) {
  static std::mt19937_64 random(42);
  Bytes out(size);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

// scope, item: the pieces of a step that accesses storage.
BodyWriter where() {
  return BodyWriter().append(buffer(kScopeAt, kKeyBytes)).append(buffer(kItemAt, kKeyBytes));
}
// A scope of its own every time, always with item number 0.
BodyWriter each_scope(char letter, std::uint64_t many) {
  return key(kScopeAt, letter, many).append(BodyWriter().i32(kItemAt).i32('i').memory(0x3a));
}
// One scope, an item of its own every time.
BodyWriter each_item(char letter, std::uint64_t many) {
  return key(kItemAt, 'i', many).append(BodyWriter().i32(kScopeAt).i32(letter).memory(0x3a));
}
BodyWriter get(const BodyWriter& at) {
  return BodyWriter(at)
      .append(where())
      .append(buffer(kOutAt, kOutBytes))
      .append(host("get"))
      .op({0x1a});
}
BodyWriter has(const BodyWriter& at) {
  return BodyWriter(at).append(where()).append(host("has")).op({0x1a});
}
BodyWriter put(const BodyWriter& at, std::int32_t bytes) {
  return BodyWriter(at).append(where()).append(buffer(kPayloadAt, bytes)).append(host("put"));
}
BodyWriter del(const BodyWriter& at) {
  return BodyWriter(at).append(where()).append(host("del")).op({0x1a});
}
BodyWriter next(const BodyWriter& at, std::int32_t from_bytes) {
  BodyWriter b(at);
  b.append(buffer(kScopeAt, kKeyBytes)).append(buffer(kItemAt, from_bytes));
  return b.append(buffer(0, 0)).append(buffer(kOutAt, kOutBytes)).append(host("next")).op({0x1a});
}
// The found item and a zero byte are where the next search begins.
BodyWriter walk(char letter) {
  BodyWriter b;
  b.i32(kScopeAt).i32(letter).memory(0x3a).append(next({}, kKeyBytes + 1));
  return b.i32(kItemAt).i32(kOutAt + 4).i32(kKeyBytes).op({0xfc, 10, 0, 0});
}

std::vector<HostProgram> reads() {
  const Bytes none;
  return {
      {"get, 32 bytes", get(each_scope(kSmall, kSmallScopes)), 9'000, 2, none},
      {"get, 32 bytes, again and again", get(each_scope(kSmall, 1)), 9'000, 1, none},
      {"get, one of 32 items of a record", get(each_scope(kFull, kFullScopes)), 2'000, 2, none},
      {"get, 4,000 bytes", get(each_scope(kMedium, kMediumScopes)), 1'000, 2, none},
      {"get, 60,000 bytes", get(each_scope(kLarge, kLargeScopes)), 50, 2, none},
      {"get, among 131,072 items", get(each_item(kMany, kManyItems)), 9'000, 2, none},
      {"get, 60,000 bytes, among 256 items", get(each_item(kHeavy, kHeavyItems)), 50, 2, none},
      {"get, nothing there", get(each_scope(kNew, 0)), 9'000, 2, none},
      {"get, no such item", get(each_item(kMany, 0)), 9'000, 2, none},
      {"has, 32 bytes", has(each_scope(kSmall, kSmallScopes)), 9'000, 2, none},
      {"has, one of 32 items of a record", has(each_scope(kFull, kFullScopes)), 2'000, 2, none},
      {"has, 60,000 bytes", has(each_scope(kLarge, kLargeScopes)), 50, 2, none},
      {"has, 60,000 bytes, among 256 items", has(each_item(kHeavy, kHeavyItems)), 50, 2, none},
      {"next, the first of a scope", next(each_scope(kSmall, kSmallScopes), 0), 5'000, 2, none},
      {"next, the first of 32 items", next(each_scope(kFull, kFullScopes), 0), 1'000, 2, none},
      {"next, at random among 131,072", next(each_item(kMany, kManyItems), kKeyBytes), 5'000, 2,
       none},
      {"next, one after the other", walk(kMany), 9'000, 1, none},
      {"next, 60,000 bytes", walk(kHeavy), 200, 1, none},
      {"next, 60,000 bytes at random", next(each_item(kHeavy, kHeavyItems), kKeyBytes), 50, 2,
       none},
  };
}

std::vector<HostProgram> writes() {
  const Bytes value = random_bytes(kLargeBytes);
  const Bytes small(value.begin(), value.begin() + 4'000);
  return {
      {"put, 32 bytes, overwritten", put(each_scope(kSmall, kSmallScopes), 32), 5'000, 2, small},
      {"put, 32 bytes, again and again", put(each_scope(kSmall, 1), 32), 5'000, 1, small},
      {"put, 60,000 bytes, again and again", put(each_scope(kLarge, 1), kLargeBytes), 500, 1,
       value},
      {"put, one of 32 items of a record", put(each_scope(kFull, kFullScopes), 100), 1'000, 2,
       small},
      {"put, 4,000 bytes, overwritten", put(each_scope(kMedium, kMediumScopes), 4'000), 1'000, 1,
       small},
      {"put, 60,000 bytes, overwritten", put(each_scope(kLarge, kLargeScopes), kLargeBytes), 50, 2,
       value},
      {"put, among 131,072 items", put(each_item(kMany, kManyItems), 32), 5'000, 2, small},
      {"put, 60,000 bytes, among 256 items", put(each_item(kHeavy, kHeavyItems), kLargeBytes), 50,
       2, value},
      {"put, empty, a new scope", put(each_scope(kNew, 0), 0), 5'000, 2, small},
      {"put, 60,000 bytes, a new scope", put(each_scope(kNew, 0), kLargeBytes), 100, 1, value},
      {"put, new among 131,072 items", put(each_item(kMany, 0), 0), 5'000, 2, small},
      {"del, 32 bytes", del(each_scope(kSmall, kSmallScopes)), 5'000, 2, {}},
      {"del, one of 32 items of a record", del(each_scope(kFull, kFullScopes)), 1'000, 2, {}},
      {"del, among 131,072 items", del(each_item(kMany, kManyItems)), 5'000, 2, {}},
      {"del, 60,000 bytes", del(each_scope(kLarge, kLargeScopes)), 20, 1, {}},
      {"del, nothing there", del(each_scope(kNew, 1)), 5'000, 1, {}},
  };
}

}  // namespace

std::vector<StateChange> prepared_items() {
  std::vector<StateChange> all;
  const auto add = [&all](const Bytes& scope, const Bytes& item, std::size_t bytes) {
    all.push_back({{kWorstContract, scope, item}, random_bytes(bytes), 0});
  };
  const Bytes first = key_bytes('i', 0);
  for (std::uint64_t i = 0; i < kSmallScopes; ++i) add(key_bytes(kSmall, i), first, 32);
  for (std::uint64_t i = 0; i < kFullScopes; ++i)
    for (std::uint64_t item = 0; item < 32; ++item)
      add(key_bytes(kFull, i), key_bytes('i', item), 100);
  for (std::uint64_t i = 0; i < kMediumScopes; ++i) add(key_bytes(kMedium, i), first, 4'000);
  for (std::uint64_t i = 0; i < kLargeScopes; ++i) add(key_bytes(kLarge, i), first, kLargeBytes);
  for (std::uint64_t i = 0; i < kManyItems; ++i) add(key_bytes(kMany, 0), key_bytes('i', i), 32);
  for (std::uint64_t i = 0; i < kHeavyItems; ++i)
    add(key_bytes(kHeavy, 0), key_bytes('i', i), kLargeBytes);
  return all;
}

std::vector<HostProgram> storage_programs() {
  std::vector<HostProgram> all = reads();
  for (HostProgram& program : writes()) all.push_back(std::move(program));
  return all;
}

}  // namespace usance::tools
