// Whatever the file: terms or an error, read strictly and leniently, never a crash; terms that were
// read can be written or are refused by name.
#include "base/types.h"
#include "tools/documents/swift/credit_export.h"
#include "tools/documents/swift/credit_import.h"
#include "tools/documents/swift/mt_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  using namespace usance::documents;
  const std::string_view text = as_text(ByteView(data, size));
  for (const MtReading reading : {MtReading::kStrict, MtReading::kLenient}) {
    const auto import = import_credit_file(text, reading, "710", Directory());
    if (!import) continue;
    (void)import->request.dump();
    const auto message =
        export_issue(at(import->request, "terms"), {"HRBKDEHH", "NLBKUGKA", 20261121});
    if (!message) continue;
    // What was written passes the network's rules.
    std::vector<std::string> remarks;
    const auto again = read_mt(write_mt(*message), MtReading::kStrict, remarks);
    if (!again || !check_mt(*again, MtReading::kStrict, remarks)) __builtin_trap();
  }
  return 0;
}
