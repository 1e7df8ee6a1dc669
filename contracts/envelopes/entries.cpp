// The salted hashes of what was sent, under references of who sent it.
#include <string>

#include "contracts/envelopes/contract.h"
#include "contracts/sdk/storage.h"
#include "envelopes/envelopes.usance.h"

namespace usance::envelopes::v1 {

using contract::Context;
using contract::fail;

namespace {

constexpr std::uint32_t kMaxVersions = 64;
constexpr std::size_t kMaxReference = 64;
constexpr std::size_t kMaxListed = 100;

bool is_reference(std::string_view text) {
  if (text.empty() || text.size() > kMaxReference) return false;
  for (const char c : text) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alphanumeric && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

std::string index_scope(const std::string& organisation) {
  return "@of/" + organisation;
}

EntryVersion newest_of(Context& ctx, const std::string& entry, std::uint32_t version) {
  return contract::Collection<EntryVersion>(ctx, entry).get(contract::ordered_key(version), [&] {
    return errors::unknown_entry(entry);
  });
}

// Ends the call unless the request may follow what the entry has.
void check_follows(Context& ctx, const std::string& entry, std::uint32_t versions,
                   const RecordRequest& request) {
  if (versions == kMaxVersions) fail(errors::too_many(kMaxVersions));
  const EntryVersion last = newest_of(ctx, entry, versions);
  if (last.kind != request.kind) fail(errors::other_kind(entry, last.kind));
  if (last.commitment == request.commitment) fail(errors::same_content(versions, entry));
}

}  // namespace

EntryReply Contract::record(Context& ctx, const RecordRequest& request) {
  if (!is_reference(request.reference)) fail(errors::bad_reference(request.reference));
  if (request.kind == Kind::kCase && !ctx.has_role("customs")) {
    fail(errors::not_customs(ctx.organisation()));
  }
  const std::string entry = ctx.organisation() + "/" + request.reference;
  contract::Collection<EntryHead> heads(ctx, index_scope(ctx.organisation()));
  EntryHead head = heads.find(request.reference).value_or(EntryHead{});
  if (head.versions != 0) check_follows(ctx, entry, head.versions, request);
  ++head.versions;
  heads.put(request.reference, head);
  EntryVersion version;
  version.reference = request.reference;
  version.version = head.versions;
  version.commitment = request.commitment;
  version.kind = request.kind;
  version.about = request.about;
  version.by = ctx.actor();
  version.recorded_at = ctx.now_ms();
  contract::Collection<EntryVersion>(ctx, entry).put(contract::ordered_key(head.versions), version);
  EnvelopeRecorded event;
  event.entry = entry;
  event.version = head.versions;
  event.commitment = request.commitment;
  event.kind = request.kind;
  event.about = request.about;
  event.by = version.by;
  ctx.emit(event);
  EntryReply reply;
  reply.entry = entry;
  reply.version = head.versions;
  return reply;
}

EntryView Contract::get_entry(Context& ctx, const EntryRequest& request) {
  EntryView view;
  view.entry = request.entry;
  contract::Collection<EntryVersion>(ctx, request.entry)
      .each([&](const contract::Bytes&, const EntryVersion& version) {
        view.versions.push_back(version);
        return true;
      });
  if (view.versions.empty()) fail(errors::unknown_entry(request.entry));
  return view;
}

EntryList Contract::list_entries(Context& ctx, const ListEntriesRequest& request) {
  EntryList list;
  contract::Collection<EntryHead> heads(ctx, index_scope(request.organisation));
  for (auto at = heads.first_after(request.after); at; at = heads.first_after(at->key)) {
    if (list.newest.size() == kMaxListed) {
      list.more = true;
      break;
    }
    const std::string reference(contract::text_of(at->key));
    list.newest.push_back(
        newest_of(ctx, request.organisation + "/" + reference, at->value.versions));
  }
  return list;
}

}  // namespace usance::envelopes::v1
