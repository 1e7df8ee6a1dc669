// Documents of a consignment: every version stays, the newest has the highest number.
#include <string>

#include "contracts/consignment/contract.h"
#include "contracts/consignment/open_consignment.h"

namespace usance::consignment::v1 {

using contract::Context;
using contract::fail;

namespace {

bool is_name(std::string_view text) {
  for (const char c : text) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
  }
  return !text.empty();
}

std::string version_key(const std::string& name, std::uint32_t version) {
  const std::string number = contract::decimal(std::uint64_t{version});
  return name + "/" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number;
}

std::uint32_t count_versions(const OpenConsignment& open) {
  std::uint32_t count = 0;
  contract::Collection<DocumentHead>(open.ctx, open.name)
      .each([&count](const contract::Bytes&, const DocumentHead& head) {
        count += head.version;
        return true;
      });
  return count;
}

}  // namespace

std::uint32_t add_version(OpenConsignment& open, const Document& document) {
  if (!is_name(document.name)) fail(errors::bad_name(document.name));
  contract::Collection<DocumentHead> heads(open.ctx, open.name);
  contract::Collection<DocumentVersion> versions(open.ctx, open.name);
  DocumentHead head = heads.find(document.name).value_or(DocumentHead{});
  if (head.version == 0) {
    head.owner = open.ctx.organisation();
  } else {
    if (head.owner != open.ctx.organisation()) {
      fail(errors::not_the_owner(document.name, head.owner, open.ctx.organisation()));
    }
    const auto newest = versions.find(version_key(document.name, head.version));
    if (newest && newest->document.sha256 == document.sha256) {
      fail(errors::same_version(head.version, document.name));
    }
  }
  if (count_versions(open) == kMaxDocuments) fail(errors::too_many(kMaxDocuments, "documents"));
  DocumentVersion entry;
  entry.document = document;
  entry.version = ++head.version;
  entry.by = open.ctx.actor();
  entry.recorded_at = open.ctx.now_ms();
  heads.put(document.name, head);
  versions.put(version_key(document.name, head.version), entry);
  return head.version;
}

DocumentReply Contract::add_document(Context& ctx, const AddDocumentRequest& request) {
  OpenConsignment open(ctx, request.consignment);
  if (!open.caller_is_party() && !ctx.has_role("customs") && !ctx.has_role("inspector")) {
    fail(errors::not_a_party(Action::kAddDocument, open.name, ctx.organisation()));
  }
  const std::uint32_t version = add_version(open, request.document);
  ConsignmentChanged event;
  event.document = request.document.name;
  event.document_version = version;
  event.sha256 = request.document.sha256;
  open.record(Action::kAddDocument, event);
  DocumentReply reply;
  reply.consignment = open.name;
  reply.name = request.document.name;
  reply.version = version;
  return reply;
}

DocumentList Contract::list_documents(Context& ctx, const ConsignmentRequest& request) {
  const OpenConsignment open(ctx, request.consignment);
  DocumentList list;
  contract::Collection<DocumentVersion>(ctx, open.name)
      .each([&list](const contract::Bytes&, const DocumentVersion& version) {
        list.documents.push_back(version);
        return true;
      });
  return list;
}

}  // namespace usance::consignment::v1
