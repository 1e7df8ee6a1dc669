// Typed access to a contract's state. A scope is one business object, so that the ledger can prove
// all its changes; items are its parts. A stored value that does not decode ends the call with
// CORRUPT_STATE.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "contracts/sdk/context.h"

namespace usance::contract {

// Makes the error for an absent record when it is needed: building its text costs gas.
template <class T>
concept MakesFailure = requires(const T& make) {
  { make() } -> std::convertible_to<Failure>;
};

[[noreturn]] void corrupt_state(std::string_view item);

template <class T>
[[nodiscard]] T decode_state(ByteView bytes, std::string_view item) {
  T out;
  Reader in(bytes);
  read(in, out);
  if (!in.ok()) corrupt_state(item);
  return out;
}

// The one T of a scope. T is a message with the option `record.item`.
template <class T>
class Record {
 public:
  Record(Context& ctx, Key scope) : ctx_(ctx), scope_(text_of(scope)) {}

  [[nodiscard]] bool exists() const { return ctx_.has(scope_, T::kItem); }
  [[nodiscard]] std::optional<T> find() const {
    const std::optional<Bytes> raw = ctx_.get(scope_, T::kItem);
    if (!raw) return std::nullopt;
    return decode_state<T>(*raw, T::kItem);
  }
  // The record, or the end of the call with the error that this makes.
  template <MakesFailure Make>
  [[nodiscard]] T get(const Make& absent) const {
    const std::optional<Bytes> raw = ctx_.get(scope_, T::kItem);
    if (!raw) fail(absent());
    return decode_state<T>(*raw, T::kItem);
  }
  void put(const T& value) { ctx_.put(scope_, T::kItem, to_wire(value)); }
  bool erase() { return ctx_.erase(scope_, T::kItem); }

 private:
  Context& ctx_;
  std::string scope_;
};

// Many T of a scope, in ascending order of their keys. T has the option `record.item_prefix`.
template <class T>
class Collection {
 public:
  struct Entry {
    Bytes key;
    T value;
  };

  Collection(Context& ctx, Key scope) : ctx_(ctx), scope_(copy(scope)) {}

  [[nodiscard]] bool exists(Key key) const { return ctx_.has(scope_, item(key)); }
  [[nodiscard]] std::optional<T> find(Key key) const {
    const std::optional<Bytes> raw = ctx_.get(scope_, item(key));
    if (!raw) return std::nullopt;
    return decode_state<T>(*raw, T::kItemPrefix);
  }
  template <MakesFailure Make>
  [[nodiscard]] T get(Key key, const Make& absent) const {
    const std::optional<Bytes> raw = ctx_.get(scope_, item(key));
    if (!raw) fail(absent());
    return decode_state<T>(*raw, T::kItemPrefix);
  }
  void put(Key key, const T& value) { ctx_.put(scope_, item(key), to_wire(value)); }
  bool erase(Key key) { return ctx_.erase(scope_, item(key)); }

  // The first entry at or after the key, and the first strictly after it.
  [[nodiscard]] std::optional<Entry> first_from(Key key) const { return at_or_after(item(key)); }
  [[nodiscard]] std::optional<Entry> first_after(Key key) const {
    Bytes from = item(key);
    from.push_back(0);  // the smallest item greater than it
    return at_or_after(from);
  }
  // Visits entries until `visit(key, value)` is false. It may change or erase what it visits.
  template <class Visit>
  void each(Visit visit) const {
    std::optional<Entry> entry = first_from("");
    while (entry && visit(std::as_const(entry->key), std::as_const(entry->value)))
      entry = first_after(entry->key);
  }

 private:
  [[nodiscard]] Bytes item(Key key) const {
    Bytes out = copy(view(T::kItemPrefix));
    const ByteView tail = key;
    out.insert(out.end(), tail.begin(), tail.end());
    return out;
  }
  [[nodiscard]] std::optional<Entry> at_or_after(const Bytes& from) const {
    Bytes to = copy(view(T::kItemPrefix));
    ++to.back();  // prefixes end in '/', so this does not wrap
    std::optional<Context::Item> found = ctx_.next(scope_, from, to);
    if (!found) return std::nullopt;
    const auto prefix = static_cast<std::ptrdiff_t>(T::kItemPrefix.size());
    return Entry{Bytes(found->item.begin() + prefix, found->item.end()),
                 decode_state<T>(found->value, T::kItemPrefix)};
  }

  Context& ctx_;
  Bytes scope_;
};

}  // namespace usance::contract
