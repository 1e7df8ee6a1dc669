// A store in a directory of its own, and a chain of blocks with made-up contents for it.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/hash.h"
#include "storage/ledger_store.h"

namespace usance::storage {

inline Hash32 filled(std::uint8_t byte) {
  Hash32 hash;
  hash.bytes.fill(byte);
  return hash;
}
inline Hash32 hash_of(std::string_view text) {
  return sha256(as_bytes(text));
}

inline StateChange put(std::string contract, std::string_view scope, std::string_view item,
                       std::string_view value, std::uint32_t action = 0) {
  return {{std::move(contract), to_bytes(scope), to_bytes(item)}, to_bytes(value), action};
}
inline StateChange del(std::string contract, std::string_view scope, std::string_view item,
                       std::uint32_t action = 0) {
  return {{std::move(contract), to_bytes(scope), to_bytes(item)}, std::nullopt, action};
}
inline StateKey key(std::string contract, std::string_view scope, std::string_view item) {
  return {std::move(contract), to_bytes(scope), to_bytes(item)};
}

// Removes the directory when it goes.
struct TemporaryDirectory {
  std::filesystem::path path;
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-store-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
};

// One block with everything commit() wants.
struct TestBlock {
  Block block;
  std::optional<Certificate> certificate;
  std::vector<Receipt> receipts;
  std::vector<Event> events;
};

inline Certificate certificate(VoteKind kind, Height height, const Hash32& hash) {
  Certificate out;
  out.content = {kind, Epoch(0), View(0), height, hash};
  out.bitmap = {7};
  out.signatures.resize(3);
  return out;
}

// Deterministic blocks: three transactions, the last of them void, and two events of one key.
inline TestBlock make_block(const ChainId& chain, Height height, const Hash32& parent) {
  TestBlock out;
  if (height == Height(0)) {
    out.block.header = genesis_block_header(chain, TimeMs(1'000));
    return out;
  }
  const std::string name = "block " + std::to_string(height.value);
  out.block.body.bundles = {to_bytes(name + " bundle 0"), to_bytes(name + " bundle 1")};
  BlockHeader& header = out.block.header;
  header.chain = chain;
  header.height = height;
  header.parent = parent;
  header.time = TimeMs(1'000 + height.value);
  header.body_root = body_root(out.block.body);
  out.certificate = certificate(VoteKind::kCommit, height, block_hash(header));
  for (std::uint32_t i = 0; i < 3; ++i) {
    Receipt receipt;
    receipt.tx = hash_of(name + " tx " + std::to_string(i));
    receipt.status = i == 2 ? ReceiptStatus::kVoidDuplicate : ReceiptStatus::kOk;
    receipt.gas_used = 100 + i;
    receipt.events = i < 2 ? 1 : 0;
    out.receipts.push_back(receipt);
    if (i < 2) out.events.push_back({i, 0, "deposit", "Moved", to_bytes("alice"), to_bytes(name)});
  }
  return out;
}

inline ResultHeader make_result(const LedgerStore& store, const TestBlock& block,
                                const StagedState& staged) {
  ResultHeader result;
  result.chain = block.block.header.chain;
  result.height = staged.height();
  result.block = block_hash(block.block.header);
  result.time = block.block.header.time;
  result.state_root = staged.state_root();
  result.ledger_root = store.next_ledger_root();
  result.actions = static_cast<std::uint32_t>(block.receipts.size());
  std::vector<Hash32> ids;
  std::vector<Hash32> receipts;
  std::vector<Hash32> events;
  for (const Receipt& receipt : block.receipts) {
    ids.push_back(transaction_leaf(receipt.tx));
    receipts.push_back(receipt_leaf(receipt));
  }
  for (const Event& event : block.events) events.push_back(event_leaf(event));
  result.transaction_root = counted_root(ids.size(), merkle_root(ids));
  result.receipt_root = counted_root(receipts.size(), merkle_root(receipts));
  result.event_root = counted_root(events.size(), merkle_root(events));
  return result;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() { options_.sync = false; }

  void open() {
    auto opened = LedgerStore::open(directory_.path, chain_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    parent_ = Hash32{};
    if (store_->executed()) parent_ = store_->result_header(*store_->executed())->block;
  }
  void reopen() {
    store_.reset();
    open();
  }
  Height next_height() const { return store_->executed() ? store_->executed()->next() : Height(0); }
  // Executes the next height with these changes.
  Result<ResultHeader> try_commit(const std::vector<StateChange>& changes) {
    const TestBlock block = make_block(chain_, next_height(), parent_);
    USANCE_ASSIGN(const StagedState staged, store_->stage(next_height(), changes));
    const ResultHeader result = make_result(*store_, block, staged);
    USANCE_TRY(store_->commit(
        staged,
        {block.block.header, &block.block.body, block.certificate ? &*block.certificate : nullptr},
        block.receipts, block.events, result));
    parent_ = block_hash(block.block.header);
    return result;
  }
  ResultHeader commit(const std::vector<StateChange>& changes) {
    auto result = try_commit(changes);
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : ResultHeader{};
  }
  std::string get(Height height, const StateKey& wanted) {
    const auto view = store_->view(height);
    if (!view) return "error: " + view.error().message;
    const auto value = (*view)->get(wanted);
    return value ? std::string(as_text(*value)) : "(none)";
  }

  TemporaryDirectory directory_;
  ChainId chain_ = filled(0x11);
  StoreOptions options_;
  std::unique_ptr<LedgerStore> store_;
  Hash32 parent_;
};

}  // namespace usance::storage
