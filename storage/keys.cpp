#include "storage/keys.h"

namespace usance::storage::keys {

namespace {

void append(std::string& key, ByteView bytes) {
  key.append(as_text(bytes));
}

void append_escaped(std::string& key, ByteView item) {
  for (const std::uint8_t byte : item) {
    key.push_back(static_cast<char>(byte));
    if (byte == 0) key.push_back('\xff');
  }
  key.append(2, '\0');
}

}  // namespace

std::string height(Height h) {
  std::string key;
  append_number(key, h.value);
  return key;
}

std::string block(Height h, const Hash32& hash, BlockPart part) {
  std::string key = height(h);
  append(key, hash.view());
  key.push_back(static_cast<char>(part));
  return key;
}

std::string certificate(Height h, std::uint8_t kind) {
  std::string key = height(h);
  key.push_back(static_cast<char>(kind));
  return key;
}

std::string outcome(Height h, OutcomePart part) {
  std::string key = height(h);
  key.push_back(static_cast<char>(part));
  return key;
}

std::string address(Address a) {
  std::string key;
  append_number(key, a.height);
  append_number(key, a.index);
  return key;
}

std::string event_prefix(std::string_view contract, ByteView event_key) {
  std::string key;
  append_number(key, static_cast<std::uint8_t>(contract.size()));
  key.append(contract);
  append_number(key, static_cast<std::uint16_t>(event_key.size()));
  append(key, event_key);
  return key;
}

std::string event(std::string_view contract, ByteView event_key, Height h) {
  std::string key = event_prefix(contract, event_key);
  append_number(key, h.value);
  return key;
}

std::string scope_prefix(std::string_view contract) {
  std::string key;
  append_number(key, static_cast<std::uint8_t>(contract.size()));
  key.append(contract);
  return key;
}

std::string scope(std::string_view contract, ByteView scope_bytes) {
  std::string key = scope_prefix(contract);
  append(key, scope_bytes);
  return key;
}

std::string item_prefix(const Hash32& scope_path) {
  return std::string(as_text(scope_path.view()));
}

std::string item_bound(const Hash32& scope_path, ByteView item_bytes) {
  std::string key = item_prefix(scope_path);
  append_escaped(key, item_bytes);
  return key;
}

std::string item(const Hash32& scope_path, ByteView item_bytes, Height h) {
  std::string key = item_bound(scope_path, item_bytes);
  append_number(key, ~h.value);
  return key;
}

bool parse_item(std::string_view key, Bytes& item_bytes, Height& h) {
  if (key.size() < Hash32::kSize) return false;
  std::string_view rest = key.substr(Hash32::kSize);
  item_bytes.clear();
  for (std::size_t i = 0; i + 1 < rest.size(); ++i) {
    if (rest[i] != '\0') {
      item_bytes.push_back(static_cast<std::uint8_t>(rest[i]));
    } else if (rest[i + 1] == '\xff') {
      item_bytes.push_back(0);
      ++i;
    } else if (rest[i + 1] != '\0') {
      return false;
    } else {
      rest.remove_prefix(i + 2);
      if (rest.size() != sizeof h.value) return false;
      h = Height(~read_number<std::uint64_t>(rest));
      return true;
    }
  }
  return false;
}

std::string ledger_node(std::uint8_t level, std::uint64_t index) {
  std::string key;
  append_number(key, level);
  append_number(key, index);
  return key;
}

}  // namespace usance::storage::keys
