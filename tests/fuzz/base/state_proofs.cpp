// State proofs from a stranger: the codec's law, and no verifier that crashes or accepts one for
// a state that it does not belong to.
#include <cstdlib>

#include "base/state_proof.h"

namespace {

using namespace usance;

template <class T, class Verify>
void check(ByteView in, const Verify& verify) {
  const Result<T> proof = decode<T>(in);
  if (!proof) return;
  if (encode(*proof) != Bytes(in.begin(), in.end())) std::abort();
  if (verify(*proof)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView in(data + 1, size - 1);
  const Hash32 root = sha256(as_bytes("a root that nobody has a tree for"));
  const Bytes scope = to_bytes("scope");
  switch (data[0] % 3) {
    case 0:
      check<StateProof>(in, [&](const StateProof& p) {
        return verify_state_proof(root, {"deposit", scope, to_bytes("item")}, p).has_value();
      });
      break;
    case 1:
      check<ScopeProof>(in, [&](const ScopeProof& p) {
        return verify_scope_proof(root, "deposit", scope, p).has_value();
      });
      break;
    default:
      check<CompletenessProof>(in, [&](const CompletenessProof& p) {
        (void)replay_changes(p.changes, Height(3));
        return verify_completeness_proof(root, "deposit", scope, p).has_value();
      });
  }
  return 0;
}
