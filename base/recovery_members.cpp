#include "base/recovery_members.h"

#include <algorithm>

namespace usance {

namespace {

constexpr std::string_view kOrganisationPrefix = "organisation/";

// governance.proto: Organisation and OrganisationTerms.
constexpr std::uint32_t kTerms = 1, kRemoved = 3;
constexpr std::uint32_t kId = 1, kRecoveryKey = 9;

// One field of a Protobuf message: a varint, or bytes. Records hold no other kinds.
struct Field {
  std::uint32_t number = 0;
  std::uint64_t value = 0;
  ByteView bytes;
};

bool read_varint(ByteView& in, std::uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return false;
    const std::uint8_t byte = in.front();
    in = in.subspan(1);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool read_field(ByteView& in, Field& out) {
  out = {};
  std::uint64_t tag = 0;
  if (!read_varint(in, tag) || tag >> 3 > UINT32_MAX) return false;
  out.number = static_cast<std::uint32_t>(tag >> 3);
  if ((tag & 7) == 0) return read_varint(in, out.value);
  std::uint64_t size = 0;
  if ((tag & 7) != 2 || !read_varint(in, size) || size > in.size()) return false;
  out.bytes = in.first(static_cast<std::size_t>(size));
  in = in.subspan(static_cast<std::size_t>(size));
  return true;
}

bool read_terms(ByteView in, RecoveryMember& out) {
  bool has_key = false;
  while (!in.empty()) {
    Field field;
    if (!read_field(in, field)) return false;
    if (field.number == kId) out.org = OrgId(std::string(as_text(field.bytes)));
    if (field.number == kRecoveryKey) {
      if (!fixed_from(field.bytes, out.recovery_key)) return false;
      has_key = true;
    }
  }
  return has_key && !out.org.value.empty();
}

bool read_organisation(ByteView in, RecoveryMember& out, bool& removed) {
  bool has_terms = false;
  removed = false;
  while (!in.empty()) {
    Field field;
    if (!read_field(in, field)) return false;
    if (field.number == kTerms) {
      if (!read_terms(field.bytes, out)) return false;
      has_terms = true;
    }
    if (field.number == kRemoved) removed = field.value != 0;
  }
  return has_terms;
}

}  // namespace

Result<std::vector<RecoveryMember>> members_of(const ScopeProof& organisations) {
  std::vector<RecoveryMember> members;
  for (const ProvenItem& item : organisations.items) {
    RecoveryMember member;
    bool removed = false;
    if (!as_text(item.item).starts_with(kOrganisationPrefix) ||
        !read_organisation(item.value, member, removed))
      return fail(ErrorCode::kMalformed, "the members' list holds something that is no member");
    if (!removed) members.push_back(std::move(member));
  }
  std::ranges::sort(members, {}, &RecoveryMember::org);
  return members;
}

}  // namespace usance
