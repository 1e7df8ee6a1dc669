// The contract of envelopes' keys and hashes. docs/contracts/envelopes.md tells the same in words.
#pragma once

#include "contracts/sdk/context.h"
#include "envelopes/envelopes.usance.h"

namespace usance::envelopes::v1 {

class Contract final : public Envelopes {
 public:
  // keys.cpp
  EncryptionKey publish_key(contract::Context& ctx, const PublishKeyRequest& request) override;
  EncryptionKey get_key(contract::Context& ctx, const KeyRequest& request) override;
  KeyList list_keys(contract::Context& ctx, const contract::Empty& request) override;

  // entries.cpp
  EntryReply record(contract::Context& ctx, const RecordRequest& request) override;
  EntryView get_entry(contract::Context& ctx, const EntryRequest& request) override;
  EntryList list_entries(contract::Context& ctx, const ListEntriesRequest& request) override;
};

}  // namespace usance::envelopes::v1
