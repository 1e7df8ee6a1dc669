// Whatever the file: a document of a presentation or an error.
#include "tools/documents/shipping/presented_document.h"

#include "base/types.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const auto out = documents::read_presented(as_text(ByteView(data, size)), "");
  if (out) (void)out->document.dump(-1, ' ', false, documents::Json::error_handler_t::replace);
  return 0;
}
