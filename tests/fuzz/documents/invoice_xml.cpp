// Whatever the file: an invoice or an error, never a crash; what is read can be normalised or is
// refused by name.
#include "tools/documents/tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const auto invoice = documents::read_invoice(as_text(ByteView(data, size)));
  if (!invoice) return 0;
  const auto normalised = documents::normalise(*invoice);
  if (normalised) (void)documents::invoice_tokens({}, *normalised);
  return 0;
}
