#include "tools/usance/typed_identifiers.h"

#include <gtest/gtest.h>

#include "tools/render/value.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {
namespace {

Result<std::vector<std::string>> check(const char* method, const nlohmann::json& request) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto message = interface.make(*interface.method(method).value()->input_type());
  EXPECT_TRUE(render::set_from_json(*message, request, "").has_value());
  return check_identifiers(*message);
}

TEST(TypedIdentifiers, WhatAUserTypesMustBeRight) {
  EXPECT_TRUE(check("DraftIssue", {{"terms",
                                    {{"applicant", {{"lei", "506700GE1G29325QX363"}}},
                                     {"issuing_bank", {{"bic", "HRBKDEHH"}}}}}}));
  const auto wrong =
      check("DraftIssue", {{"terms", {{"applicant", {{"lei", "506700GE1G29325QX364"}}}}}});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().message,
            "terms.applicant.lei: '506700GE1G29325QX364' is no LEI: its check digits do not fit");
  EXPECT_FALSE(check("DraftIssue", {{"terms", {{"issuing_bank", {{"bic", "HRBKXXHH"}}}}}}));
}

TEST(TypedIdentifiers, WhatADocumentSaysIsRemarkedOn) {
  const auto remarks =
      check("Present",
            {{"documents", {{{"transport", {{"containers", {"CSQU3054383", "CSQU3054384"}}}}}}}});
  ASSERT_TRUE(remarks.has_value());
  ASSERT_EQ(remarks->size(), 1u);
  EXPECT_NE(remarks->front().find("CSQU3054384"), std::string::npos);
}

}  // namespace
}  // namespace usance::cli
