// The consignment as a contract. docs/contracts/consignment.md tells the same story in words.
#pragma once

#include "consignment/consignment.usance.h"
#include "contracts/sdk/context.h"

namespace usance::consignment::v1 {

class Contract final : public Consignment {
 public:
  // registering.cpp
  RegisterReply register_(contract::Context& ctx, const RegisterRequest& request) override;
  ConsignmentReply link(contract::Context& ctx, const LinkRequest& request) override;
  ConsignmentView get_consignment(contract::Context& ctx,
                                  const ConsignmentRequest& request) override;
  FindReply find_by_bill_of_lading(contract::Context& ctx, const FindRequest& request) override;

  // carriage.cpp
  ConsignmentReply add_milestone(contract::Context& ctx,
                                 const AddMilestoneRequest& request) override;
  MilestoneList list_milestones(contract::Context& ctx, const ConsignmentRequest& request) override;

  // customs.cpp
  ConsignmentReply hold_by_customs(contract::Context& ctx, const CustomsRequest& request) override;
  ConsignmentReply release_by_customs(contract::Context& ctx,
                                      const CustomsRequest& request) override;

  // documents.cpp
  DocumentReply add_document(contract::Context& ctx, const AddDocumentRequest& request) override;
  DocumentList list_documents(contract::Context& ctx, const ConsignmentRequest& request) override;
};

}  // namespace usance::consignment::v1
