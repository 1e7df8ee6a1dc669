// Where governance keeps its records, and their plain forms.
#pragma once

#include <string>

#include "base/parameters.h"
#include "contracts/system/governance_view.h"
#include "system/governance.usance.h"

namespace usance::governance {

inline constexpr std::string_view kOrganisations = "organisations";
inline constexpr std::string_view kNodes = "nodes";
inline constexpr std::string_view kFormerKeys = "former-keys";
inline constexpr std::string_view kMisbehaviour = "misbehaviour";
inline constexpr std::string_view kRecoveries = "recoveries";
inline constexpr std::string_view kNetwork = "network";
inline constexpr std::string_view kValidators = "validators";
inline constexpr std::string_view kParameters = "parameters";
inline constexpr std::string_view kProposals = "proposals";
// The user whose key is the organisation's governance key.
inline constexpr std::string_view kGovernanceUser = "governance";

[[nodiscard]] inline std::string organisation_scope(std::string_view id) {
  return "organisation/" + std::string(id);
}
[[nodiscard]] std::string proposal_scope(std::uint64_t id);
// Keys of the collection of nodes: 4 bytes, most significant first.
[[nodiscard]] Bytes node_key(std::uint32_t id);
// Keys of the collection of misbehaviour: the question that was answered twice, by height first.
[[nodiscard]] Bytes case_key(const v1::Contradiction& proof);

// Between records and what base/ calls the same things. The records are well-formed: written by
// the contract or the genesis.
[[nodiscard]] Parameters plain(const v1::Parameters& record);
[[nodiscard]] v1::Parameters record_of(const Parameters& parameters);
[[nodiscard]] ValidatorSchedule plain(const v1::Validators& record);
[[nodiscard]] v1::Validators record_of(const ValidatorSchedule& schedule);
[[nodiscard]] OrganisationInfo plain(const v1::Organisation& record);
[[nodiscard]] UserInfo plain(const v1::User& record, const OrgId& org);
[[nodiscard]] KeyInfo plain(const v1::SignerKey& record, const OrgId& org);
[[nodiscard]] NodeInfo plain(const v1::Node& record);

// Fixed-size bytes of a record; an invariant, not a check.
template <class Fixed>
[[nodiscard]] Fixed fixed(const Bytes& bytes) {
  Fixed out;
  USANCE_INVARIANT(fixed_from(ByteView(bytes), out));
  return out;
}
template <class Fixed>
[[nodiscard]] Bytes bytes_of(const Fixed& fixed) {
  return Bytes(fixed.bytes.begin(), fixed.bytes.end());
}

}  // namespace usance::governance
