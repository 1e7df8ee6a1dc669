// Whatever the file: a directory that answers, or an error.
#include "base/types.h"
#include "tools/documents/swift/directory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const std::string_view text = as_text(ByteView(data, size));
  const auto directory = documents::Directory::parse(text);
  if (!directory) return 0;
  (void)directory->bank(text.substr(0, 8));
  (void)directory->party(text.substr(0, 40));
  (void)directory->place(text.substr(0, 5));
  return 0;
}
