// AuditService: evidence that verifies offline, and complete histories.
#include "node/evidence_export.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/audit.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;
using Request = v1::ExportEvidenceRequest;

// The genesis has no certificate: nothing can be proven before the first block.
Api<Height> provable(const ServiceContext& services, std::uint64_t requested) {
  const auto height = read_height(services, requested);
  if (height && height->value == 0)
    return proto::refuse(v1::REASON_NOT_YET, "no block is certified yet");
  return height;
}

// Where its proof ends: a height that a recovery record stands for has no certificate of its own
// and is proven through the first one behind it.
Height tip_for(const ServiceContext& services, Height height) {
  const Height newest = services.delivery.certified_height();
  while (height < newest && !services.store.result_certificate(height)) height = height.next();
  return height;
}

Api<Bytes> export_transaction(const ServiceContext& services, const std::string& tx_id,
                              Height& tip) {
  TxId id;
  if (!fixed_from(as_bytes(tx_id), id))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "a transaction id has 32 bytes");
  USANCE_ASSIGN(const auto ref, services.store.find_action(id));
  if (!ref) return proto::refuse(v1::REASON_NOT_FOUND, "no transaction has the id " + to_hex(id));
  const auto height = provable(services, ref->height.value);
  if (!height) return tl::unexpected(height.error());
  tip = tip_for(services, *height);
  EvidenceExport made(services.store, EvidenceSubject::kTransaction, tip);
  USANCE_TRY(made.add_action(*ref, true));
  USANCE_ASSIGN(Bytes file, made.finish());
  return file;
}

Api<Bytes> export_event(const ServiceContext& services, const Request::EventPosition& at,
                        Height& tip) {
  const auto height = provable(services, at.height());
  if (!height) return tl::unexpected(height.error());
  tip = tip_for(services, *height);
  USANCE_ASSIGN(const std::vector<Event> events, services.store.events(*height));
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].action != at.action() || events[i].index != at.index()) continue;
    EvidenceExport made(services.store, EvidenceSubject::kEvent, tip);
    USANCE_TRY(made.add_action({*height, at.action()}, false));
    USANCE_TRY(made.add_event(*height, static_cast<std::uint32_t>(i)));
    USANCE_ASSIGN(Bytes file, made.finish());
    return file;
  }
  return proto::refuse(v1::REASON_NOT_FOUND, "there is no such event");
}

Api<Bytes> export_item(const ServiceContext& services, const Request& request, Height& tip) {
  const Request::Item& item = request.item();
  if (auto checked = check_object(item.contract(), item.scope()); !checked)
    return tl::unexpected(checked.error());
  if (item.item().size() > limits::kMaxItemBytes)
    return proto::refuse(v1::REASON_TOO_LARGE, "an item's key has at most 256 bytes");
  const auto height = provable(services, request.height());
  if (!height) return tl::unexpected(height.error());
  tip = *height;
  EvidenceExport made(services.store, EvidenceSubject::kItem, tip);
  USANCE_TRY(made.add_item({item.contract(), to_bytes(item.scope()), to_bytes(item.item())}));
  USANCE_ASSIGN(Bytes file, made.finish());
  return file;
}

Api<Bytes> export_object(const ServiceContext& services, const Request& request, Height& tip) {
  const Request::Object& object = request.object();
  if (auto checked = check_object(object.contract(), object.scope()); !checked)
    return tl::unexpected(checked.error());
  if (is_ephemeral(object.contract()))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                         "'" + object.contract() + "' keeps no history");
  const auto height = provable(services, request.height());
  if (!height) return tl::unexpected(height.error());
  tip = *height;
  EvidenceExport made(services.store, EvidenceSubject::kObject, tip);
  USANCE_TRY(made.add_object(object.contract(), to_bytes(object.scope())));
  USANCE_ASSIGN(Bytes file, made.finish());
  return file;
}

Api<void> export_evidence(const ServiceContext& services, const Request& request,
                          v1::ExportEvidenceResponse& response) {
  Height tip;
  Api<Bytes> file =
      proto::refuse(v1::REASON_INVALID_ARGUMENT, "name a transaction, event, item or object");
  switch (request.subject_case()) {
    case Request::kTxId: file = export_transaction(services, request.tx_id(), tip); break;
    case Request::kEvent: file = export_event(services, request.event(), tip); break;
    case Request::kItem: file = export_item(services, request, tip); break;
    case Request::kObject: file = export_object(services, request, tip); break;
    case Request::SUBJECT_NOT_SET: break;
  }
  if (!file) return tl::unexpected(file.error());
  response.set_evidence(proto::to_string(ByteView(*file)));
  return fill_read_point(services, tip, *response.mutable_at());
}

Api<void> complete_history(const ServiceContext& services,
                           const v1::GetCompleteHistoryRequest& request,
                           v1::GetCompleteHistoryResponse& response) {
  if (auto checked = check_object(request.contract(), request.scope()); !checked) return checked;
  if (is_ephemeral(request.contract()))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                         "'" + request.contract() + "' keeps no history");
  const auto height = read_height(services, request.height());
  if (!height) return tl::unexpected(height.error());
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  USANCE_ASSIGN(
      const CompletenessProof proof,
      services.store.completeness_proof(*height, request.contract(), to_bytes(request.scope())));
  for (const ScopeChange& change : proof.changes)
    if (auto filled = fill_history_entry(services, change, *response.add_entries()); !filled)
      return filled;
  response.set_proof(proto::canonical(proof));
  return fill_certified(services, *height, *response.mutable_certified());
}

Api<void> access_log(const ServiceContext& services, const Caller& caller,
                     const v1::AccessLogRequest& request, v1::AccessLogResponse& response) {
  const auto limit = page_size(request.limit());
  if (!limit) return tl::unexpected(limit.error());
  AccessQuery query;
  query.from = TimeMs(request.from_ms());
  if (request.to_ms() != 0) query.to = TimeMs(request.to_ms());
  query.limit = *limit;
  if (!request.organisation().empty()) query.org = OrgId(request.organisation());
  const bool sees_all = caller.org == services.self.org && caller.role != x509::kRoleClient;
  if (!sees_all) {
    if (query.org && *query.org != caller.org)
      return proto::refuse(v1::REASON_NOT_PERMITTED,
                           "what others asked this node is shown to the auditors and admins of '" +
                               services.self.org.value + "' only");
    query.org = caller.org;
  }
  for (AccessRecord& record : services.access_log.read(query)) {
    v1::AccessLogEntry& out = *response.add_entries();
    out.set_time_ms(record.time.value);
    out.set_organisation(std::move(record.org.value));
    out.set_role(std::move(record.role));
    out.set_name(std::move(record.name));
    out.set_method(std::move(record.method));
    out.set_what(std::move(record.what));
    out.set_result(std::move(record.result));
    out.set_duration_us(record.duration_us);
  }
  return {};
}

class AuditService final : public v1::AuditService::CallbackService {
 public:
  explicit AuditService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* ExportEvidence(grpc::CallbackServerContext* call,
                                           const v1::ExportEvidenceRequest* request,
                                           v1::ExportEvidenceResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return export_evidence(services_, *request, *response); });
  }
  grpc::ServerUnaryReactor* GetCompleteHistory(grpc::CallbackServerContext* call,
                                               const v1::GetCompleteHistoryRequest* request,
                                               v1::GetCompleteHistoryResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) {
      return complete_history(services_, *request, *response);
    });
  }

  grpc::ServerUnaryReactor* ListRecoveries(grpc::CallbackServerContext* call,
                                           const v1::ListRecoveriesRequest* request,
                                           v1::ListRecoveriesResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) -> Api<void> {
      for (const RecoveryRecord& record : services_.recoveries.all()) {
        const Bytes file = write_recovery(record);
        response->add_records(proto::to_string(ByteView(file)));
      }
      return {};
    });
  }

  grpc::ServerUnaryReactor* AccessLog(grpc::CallbackServerContext* call,
                                      const v1::AccessLogRequest* request,
                                      v1::AccessLogResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&, const Caller& caller) {
      return access_log(services_, caller, *request, *response);
    });
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

Api<void> fill_history_entry(const ServiceContext& services, const ScopeChange& change,
                             v1::HistoryEntry& entry) {
  entry.set_height(change.height.value);
  entry.set_action(change.action);
  entry.set_item(proto::to_string(ByteView(change.item)));
  entry.set_deleted(change.kind == ScopeChange::Kind::kDeleted);
  entry.set_value(proto::to_string(ByteView(change.value)));
  USANCE_ASSIGN(const ResultHeader result, services.store.result_header(change.height));
  entry.set_time_ms(result.time.value);
  if (change.height.value == 0) return {};
  USANCE_ASSIGN(const Receipt receipt, services.store.receipt({change.height, change.action}));
  entry.set_tx_id(proto::to_string(receipt.tx));
  return {};
}

std::unique_ptr<grpc::Service> make_audit_service(const ServiceContext& services) {
  return std::make_unique<AuditService>(services);
}

}  // namespace usance::node
