// Blocks and certificates: written before they are executed, read by height or hash.
#include "storage/ledger_store_impl.h"

namespace usance::storage {

using keys::BlockPart;

Result<std::optional<Certificate>> LedgerStore::Impl::find_certificate(Height height,
                                                                       VoteKind kind) const {
  const auto key = keys::certificate(height, static_cast<std::uint8_t>(kind));
  USANCE_ASSIGN(const auto raw, database->get(Family::kCertificates, key));
  if (!raw) return std::optional<Certificate>();
  USANCE_ASSIGN(auto certificate,
                decode_stored<Certificate>(contents(*raw), at_height("a certificate", height)));
  if (certificate.content.height != height || certificate.content.kind != kind)
    return fail(ErrorCode::kCorrupt, at_height("the certificate", height) + " is another's");
  return std::optional<Certificate>(std::move(certificate));
}

Result<Hash32> LedgerStore::Impl::decided_hash(Height height) const {
  const auto done = executed();
  if (done && height <= *done) {
    USANCE_ASSIGN(const StoredResult stored, stored_result(height));
    return stored.result.block;
  }
  USANCE_ASSIGN(const auto certificate, find_certificate(height, VoteKind::kCommit));
  if (!certificate)
    return fail(ErrorCode::kNotFound,
                "no decided block of height " + std::to_string(height.value) + " is here");
  return certificate->content.hash;
}

Result<std::optional<BlockHeader>> LedgerStore::Impl::find_header(Height height,
                                                                  const Hash32& hash) const {
  USANCE_ASSIGN(const auto raw,
                database->get(Family::kBlocks, keys::block(height, hash, BlockPart::kHeader)));
  if (!raw) return std::optional<BlockHeader>();
  USANCE_ASSIGN(const auto header,
                decode_stored<BlockHeader>(contents(*raw), at_height("the block header", height)));
  if (header.height != height || block_hash(header) != hash)
    return fail(ErrorCode::kCorrupt,
                at_height("the block header", height) + " does not have the hash it lies under");
  return std::optional<BlockHeader>(header);
}

Result<BlockBody> LedgerStore::Impl::body_of(const BlockHeader& header, const Hash32& hash) const {
  const std::string what = at_height("the block body", header.height);
  USANCE_ASSIGN(const auto raw,
                database->get(Family::kBlocks, keys::block(header.height, hash, BlockPart::kBody)));
  if (!raw) return fail(ErrorCode::kCorrupt, what + " is missing");
  USANCE_ASSIGN(auto body, decode_stored<BlockBody>(contents(*raw), what));
  if (body_root(body) != header.body_root)
    return fail(ErrorCode::kCorrupt, what + " is not the one that its header names");
  return body;
}

void LedgerStore::Impl::put_block(Batch& batch, const BlockHeader& header, const Hash32& hash,
                                  const BlockBody& body) const {
  batch.put(Family::kBlocks, keys::block(header.height, hash, BlockPart::kHeader),
            slice(encode(header)));
  batch.put(Family::kBlocks, keys::block(header.height, hash, BlockPart::kBody),
            slice(encode(body)));
}

Result<void> LedgerStore::Impl::put_certificate(Batch& batch,
                                                const Certificate& certificate) const {
  const VoteContent& content = certificate.content;
  if (content.kind == VoteKind::kPrepare)
    return fail(ErrorCode::kInvalidArgument, "prepare certificates are the vote log's");
  USANCE_ASSIGN(const auto stored, find_certificate(content.height, content.kind));
  if (stored) {
    if (stored->content.hash == content.hash) return {};
    return fail(ErrorCode::kFailedPrecondition,
                "another " + std::string(to_string(content.kind)) + " certificate of height " +
                    std::to_string(content.height.value) + " is stored: for " +
                    to_hex(stored->content.hash) + ", not " + to_hex(content.hash));
  }
  batch.put(Family::kCertificates,
            keys::certificate(content.height, static_cast<std::uint8_t>(content.kind)),
            slice(encode(certificate)));
  return {};
}

Result<void> LedgerStore::Impl::delete_competitors(Batch& batch, Height height,
                                                   const Hash32& decided) const {
  const std::string prefix = keys::height(height);
  const std::string kept = prefix + std::string(as_text(decided.view()));
  std::vector<std::string> lost;
  {
    const Cursor at = database->cursor(Family::kBlocks);
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next())
      if (!at->key().starts_with(kept)) lost.push_back(at->key().ToString());
    if (!at->status().ok()) return tl::unexpected<Error>(to_error(at->status()));
  }
  for (const std::string& key : lost) batch.erase(Family::kBlocks, key);
  return {};
}

Result<void> LedgerStore::store_blocks(std::span<const Block> blocks,
                                       std::span<const Certificate> certificates,
                                       Durability durability) {
  Batch batch(*impl_->database);
  for (const Block& block : blocks) {
    const BlockHeader& header = block.header;
    if (header.chain != impl_->chain)
      return fail(ErrorCode::kInvalidArgument, "a block of another network");
    const auto done = executed();
    const Hash32 hash = block_hash(header);
    USANCE_ASSIGN(const auto known, impl_->find_header(header.height, hash));
    // Below what is executed only the decided block stays, and that is there already.
    if (!known && !(done && header.height <= *done))
      impl_->put_block(batch, header, hash, block.body);
  }
  for (const Certificate& certificate : certificates)
    USANCE_TRY(impl_->put_certificate(batch, certificate));
  // An empty batch is written too when it is synced: it makes relaxed writes durable.
  if (batch.count() == 0 && durability == Durability::kRelaxed) return {};
  return impl_->database->write(batch, durability == Durability::kSynced && impl_->options.sync);
}

Result<std::optional<Block>> LedgerStore::find_block(Height height, const Hash32& hash) const {
  USANCE_ASSIGN(const auto header, impl_->find_header(height, hash));
  if (!header) return std::optional<Block>();
  USANCE_ASSIGN(auto body, impl_->body_of(*header, hash));
  return std::optional<Block>(Block{*header, std::move(body)});
}

Result<std::vector<OrderedBlock>> LedgerStore::ordered_blocks() const {
  std::vector<OrderedBlock> out;
  const auto done = executed();
  for (Height height = done ? done->next() : Height(1);; height = height.next()) {
    USANCE_ASSIGN(auto certificate, impl_->find_certificate(height, VoteKind::kCommit));
    if (!certificate) break;
    USANCE_ASSIGN(auto found, find_block(height, certificate->content.hash));
    if (!found) break;
    out.push_back({std::move(*found), std::move(*certificate)});
  }
  return out;
}

Result<BlockHeader> LedgerStore::header(Height height) const {
  USANCE_ASSIGN(const Hash32 hash, impl_->decided_hash(height));
  USANCE_ASSIGN(auto header, impl_->find_header(height, hash));
  if (!header)
    return fail(executed() && height <= *executed() ? ErrorCode::kCorrupt : ErrorCode::kNotFound,
                at_height("the block", height) + " is not here");
  return *std::move(header);
}

Result<Block> LedgerStore::block(Height height) const {
  USANCE_TRY(impl_->check_block_held(height));
  USANCE_ASSIGN(const Hash32 hash, impl_->decided_hash(height));
  USANCE_ASSIGN(auto found, find_block(height, hash));
  if (!found)
    return fail(executed() && height <= *executed() ? ErrorCode::kCorrupt : ErrorCode::kNotFound,
                at_height("the block", height) + " is not here");
  return *std::move(found);
}

Result<Certificate> LedgerStore::commit_certificate(Height height) const {
  USANCE_ASSIGN(auto certificate, impl_->find_certificate(height, VoteKind::kCommit));
  if (!certificate) USANCE_TRY(impl_->check_result_held(height));
  if (!certificate)
    return fail(ErrorCode::kNotFound,
                "no commit certificate of height " + std::to_string(height.value) + " is here");
  return *std::move(certificate);
}

Result<Certificate> LedgerStore::result_certificate(Height height) const {
  USANCE_ASSIGN(auto certificate, impl_->find_certificate(height, VoteKind::kExec));
  if (!certificate) USANCE_TRY(impl_->check_result_held(height));
  if (!certificate)
    return fail(ErrorCode::kNotFound,
                "no result certificate of height " + std::to_string(height.value) + " is here");
  return *std::move(certificate);
}

}  // namespace usance::storage
