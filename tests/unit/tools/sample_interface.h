// A contract's interface for tests, as its descriptor set would bring it.
#pragma once

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include "tools/render/interface.h"

namespace usance::render {

inline Interface sample_interface() {
  google::protobuf::FileDescriptorSet set;
  auto* types = set.add_file();
  google::protobuf::TextFormat::ParseFromString(R"(
    name: "types.proto" package: "usance.contract" syntax: "proto3"
    message_type { name: "Money"
      field { name: "currency" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL
              json_name: "currency" }
      field { name: "minor_units" number: 2 type: TYPE_INT64 label: LABEL_OPTIONAL
              json_name: "minorUnits" } })",
                                                types);
  auto* file = set.add_file();
  const bool parsed = google::protobuf::TextFormat::ParseFromString(R"(
    name: "sample.proto" package: "sample" syntax: "proto3" dependency: "types.proto"
    enum_type { name: "Form"
      value { name: "FORM_NOT_STATED" number: 0 } value { name: "AT_SIGHT" number: 1 }
      value { name: "DEFERRED" number: 2 } }
    enum_type { name: "SampleError" options { [usance.contract.errors]: true }
      value { name: "NONE" number: 0 } value { name: "NOT_BENEFICIARY" number: 7 } }
    message_type { name: "Terms"
      field { name: "amount" number: 1 type: TYPE_MESSAGE type_name: ".usance.contract.Money"
              label: LABEL_OPTIONAL json_name: "amount"
              options { [usance.contract.field] { required: true } } }
      field { name: "expiry_date" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL
              json_name: "expiryDate" options { [usance.contract.field] { format: FORMAT_DATE } } }
      field { name: "form" number: 3 type: TYPE_ENUM type_name: ".sample.Form"
              label: LABEL_OPTIONAL json_name: "form" } }
    message_type { name: "IssueRequest"
      field { name: "number" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "number"
              options { [usance.contract.field] { required: true } } }
      field { name: "terms" number: 2 type: TYPE_MESSAGE type_name: ".sample.Terms"
              label: LABEL_OPTIONAL json_name: "terms" }
      field { name: "documents" number: 3 type: TYPE_BYTES label: LABEL_REPEATED
              json_name: "documents" options { [usance.contract.field] { format: FORMAT_HASH } } }
      field { name: "days" number: 4 type: TYPE_UINT32 label: LABEL_OPTIONAL json_name: "days" }
      field { name: "urgent" number: 5 type: TYPE_BOOL label: LABEL_OPTIONAL json_name: "urgent" }
      field { name: "due" number: 6 type: TYPE_INT64 label: LABEL_OPTIONAL json_name: "due"
              options { [usance.contract.field] { format: FORMAT_TIME_MS } } }
      field { name: "raw" number: 7 type: TYPE_BYTES label: LABEL_OPTIONAL json_name: "raw" }
      field { name: "remarks" number: 8 type: TYPE_STRING label: LABEL_REPEATED
              json_name: "remarks"
              options { [usance.contract.field] { max_bytes: 4 max_items: 2 } } } }
    message_type { name: "Credit" options { [usance.contract.record] { item: "credit" } }
      field { name: "number" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL
              json_name: "number" } }
    message_type { name: "Note" options { [usance.contract.record] { item_prefix: "note/" } }
      field { name: "text" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "text" } }
    service { name: "Sample"
      method { name: "Issue" input_type: ".sample.IssueRequest" output_type: ".sample.Credit"
               options { [usance.contract.method] { roles: "bank" permissions: "maker" } } }
      method { name: "GetCredit" input_type: ".sample.Credit" output_type: ".sample.Credit"
               options { [usance.contract.method] { view: true } } } }
    source_code_info {
      location { path: [6, 0, 2, 0] span: [0, 0, 0] leading_comments: " Issues a credit.\n Once.\n" }
      location { path: [4, 1, 2, 3] span: [0, 0, 0]
                 trailing_comments: " Days after \033[31mshipment.\n" } })",
                                                                    file);
  USANCE_INVARIANT(parsed);
  Result<Interface> out = Interface::parse("sample", as_bytes(set.SerializeAsString()));
  USANCE_INVARIANT(out.has_value());
  return *std::move(out);
}

}  // namespace usance::render
