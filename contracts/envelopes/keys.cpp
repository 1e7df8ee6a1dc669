// The key that an organisation's envelopes are sealed to.
#include "contracts/envelopes/contract.h"
#include "contracts/sdk/storage.h"
#include "envelopes/envelopes.usance.h"

namespace usance::envelopes::v1 {

void invoke(contract::Context& ctx) {
  Contract contract;
  dispatch(ctx, contract);
}

using contract::Context;
using contract::fail;

namespace {

constexpr std::string_view kScope = "@keys";
constexpr std::size_t kMaxKeysListed = 256;

}  // namespace

EncryptionKey Contract::publish_key(Context& ctx, const PublishKeyRequest& request) {
  contract::Collection<EncryptionKey> keys(ctx, kScope);
  EncryptionKey key;
  if (const auto before = keys.find(ctx.organisation())) {
    if (before->key == request.key) fail(errors::same_key(ctx.organisation()));
    key.version = before->version;
  }
  key.organisation = ctx.organisation();
  key.key = request.key;
  ++key.version;
  key.by = ctx.actor();
  key.published_at = ctx.now_ms();
  keys.put(ctx.organisation(), key);
  KeyPublished event;
  event.organisation = key.organisation;
  event.key = key.key;
  event.version = key.version;
  event.by = key.by;
  ctx.emit(event);
  return key;
}

EncryptionKey Contract::get_key(Context& ctx, const KeyRequest& request) {
  return contract::Collection<EncryptionKey>(ctx, kScope).get(request.organisation, [&] {
    return errors::no_key(request.organisation);
  });
}

KeyList Contract::list_keys(Context& ctx, const contract::Empty&) {
  KeyList reply;
  contract::Collection<EncryptionKey>(ctx, kScope)
      .each([&](const contract::Bytes&, const EncryptionKey& key) {
        reply.more = reply.keys.size() == kMaxKeysListed;
        if (!reply.more) reply.keys.push_back(key);
        return !reply.more;
      });
  return reply;
}

}  // namespace usance::envelopes::v1
