#include "base/transaction.h"

#include <algorithm>

#include "base/hash.h"

namespace usance {

namespace {

std::vector<Hash32> id_leaves(const std::vector<TxId>& ids) {
  std::vector<Hash32> leaves;
  leaves.reserve(ids.size());
  for (const TxId& id : ids) leaves.push_back(merkle_leaf(id.view()));
  return leaves;
}

}  // namespace

TxId transaction_id(const ChainId& chain, ByteView transaction_bytes) {
  return tagged_hash("usance/tx", chain, transaction_bytes);
}

TxId transaction_id(const ChainId& chain, const Transaction& tx) {
  return transaction_id(chain, ByteView(encode(tx)));
}

Hash32 bundle_digest(const ChainId& chain, std::uint32_t count, const Hash32& root) {
  Encoder encoder;
  encoder(count);
  encoder(root);
  return tagged_hash("usance/bundle", chain, ByteView(encoder.data()));
}

Bundle sign_bundle(const ChainId& chain, std::vector<Transaction> transactions,
                   const Signer& signer) {
  USANCE_INVARIANT(!transactions.empty());
  USANCE_INVARIANT(transactions.size() <= limits::kMaxBundleTransactions);
  std::vector<TxId> ids;
  for (const Transaction& tx : transactions) {
    USANCE_INVARIANT(tx.user_key == signer.public_key() && tx.org == transactions.front().org);
    ids.push_back(transaction_id(chain, tx));
  }
  const Hash32 digest =
      bundle_digest(chain, static_cast<std::uint32_t>(ids.size()), merkle_root(id_leaves(ids)));
  return Bundle{std::move(transactions), signer.sign(digest)};
}

bool is_wellformed_name(std::string_view name, bool allow_upper) {
  if (name.empty() || name.size() > limits::kMaxNameBytes) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           (allow_upper && c >= 'A' && c <= 'Z');
  });
}

Result<CheckedBundle> CheckedBundle::decode_unverified(const ChainId& chain, Bytes raw) {
  if (raw.size() > limits::kMaxBundleBytes)
    return fail(ErrorCode::kInvalidArgument, "the bundle is over 256 KiB");
  CheckedBundle checked;
  // Decoded by hand rather than through decode<Bundle>, to hash each transaction's own bytes
  // without encoding them again; the codec's law makes both the same.
  Decoder decoder(raw);
  std::uint16_t tag = 0;
  std::uint8_t version = 0;
  std::uint32_t count = 0;
  decoder(tag);
  decoder(version);
  decoder(count);
  USANCE_TRY(decoder.status());
  if (tag != Bundle::kTag) return fail(ErrorCode::kMalformed, "not a transaction bundle");
  if (version != Bundle::kVersion)
    return fail(ErrorCode::kUnsupported, "an unknown bundle version");
  if (count == 0 || count > limits::kMaxBundleTransactions)
    return fail(ErrorCode::kMalformed, "a bundle holds 1 to 1,000 transactions");
  for (std::uint32_t i = 0; i < count && !decoder.failed(); ++i) {
    const std::size_t start = decoder.position();
    decoder(checked.transactions_.emplace_back());
    if (decoder.failed()) break;
    const ByteView bytes = ByteView(raw).subspan(start, decoder.position() - start);
    checked.ids_.push_back(transaction_id(chain, bytes));
  }
  decoder(checked.signature_);
  USANCE_TRY(decoder.finish());
  for (const Transaction& tx : checked.transactions_) {
    if (tx.org != checked.org() || tx.user_key != checked.key())
      return fail(ErrorCode::kInvalidArgument, "a bundle's transactions have one signer");
    if (!is_wellformed_name(tx.org.value) || !is_wellformed_name(tx.contract) ||
        !is_wellformed_name(tx.method, true))
      return fail(ErrorCode::kInvalidArgument,
                  "organisation, contract or method is not a well-formed name");
  }
  checked.hash_ = sha256(raw);
  checked.raw_ = std::move(raw);
  return checked;
}

Result<CheckedBundle> CheckedBundle::decode_certified(const ChainId& chain, Bytes raw) {
  return decode_unverified(chain, std::move(raw));
}

Result<CheckedBundle> CheckedBundle::check(const ChainId& chain, Bytes raw,
                                           const Verifier& verifier) {
  USANCE_ASSIGN(CheckedBundle checked, decode_unverified(chain, std::move(raw)));
  const Hash32 digest =
      bundle_digest(chain, static_cast<std::uint32_t>(checked.ids_.size()), checked.root());
  if (!verifier.verify(checked.key(), digest, checked.signature_))
    return fail(ErrorCode::kBadSignature,
                "the bundle's signature does not verify under its user key on this chain");
  return checked;
}

Hash32 CheckedBundle::root() const {
  return merkle_root(id_leaves(ids_));
}

}  // namespace usance
