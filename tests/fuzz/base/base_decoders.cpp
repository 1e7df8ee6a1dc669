// The codec's law over every structure of base: what decodes encodes to the same bytes.
#include <cstdlib>

#include "base/block.h"
#include "base/certificate.h"
#include "base/evidence_verify.h"
#include "base/genesis.h"
#include "base/key_file.h"
#include "base/parameters.h"
#include "base/readiness.h"
#include "base/receipt.h"
#include "base/result_header.h"
#include "base/state.h"
#include "base/transaction.h"

namespace {

using namespace usance;

template <class T>
void check_law(ByteView in) {
  const Result<T> value = decode<T>(in);
  if (value && encode(*value) != Bytes(in.begin(), in.end())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView in(data + 1, size - 1);
  switch (data[0] % 18) {
    case 0: check_law<Transaction>(in); break;
    case 1: check_law<Bundle>(in); break;
    case 2: check_law<BlockHeader>(in); break;
    case 3: check_law<Block>(in); break;
    case 4: check_law<Receipt>(in); break;
    case 5: check_law<Event>(in); break;
    case 6: check_law<ResultHeader>(in); break;
    case 7: check_law<Certificate>(in); break;
    case 8: check_law<ValidatorSet>(in); break;
    case 9: check_law<MerklePath>(in); break;
    case 10:
      (void)CheckedBundle::check(ChainId{}, Bytes(in.begin(), in.end()), ed25519_verifier());
      break;
    case 11: (void)parse_genesis(as_text(in)); break;
    case 12: check_law<BlockBody>(in); break;
    case 13: check_law<Parameters>(in); break;
    case 14: check_law<Readiness>(in); break;
    case 15: check_law<StateKey>(in); break;
    case 16: (void)parse_anchor(as_text(in)); break;
    case 17: (void)parse_key_text(as_text(in)); break;
  }
  return 0;
}
