// What the store decodes from its own files, should a disk return something else.
#include <cstdlib>

#include "base/receipt.h"
#include "storage/keys.h"
#include "storage/object_record.h"
#include "storage/outcome_index.h"
#include "storage/packed_list.h"

namespace {

using namespace usance;
using namespace usance::storage;

void check_page(TreeKind kind, std::size_t depth, ByteView in) {
  const auto page = decode_page(kind, depth, in);
  if (page && encode_page(kind, *page) != Bytes(in.begin(), in.end())) std::abort();
}

void check_item_key(ByteView in) {
  Bytes item;
  Height height;
  if (!keys::parse_item(as_text(in), item, height)) return;
  Hash32 path;
  std::copy_n(in.begin(), Hash32::kSize, path.bytes.begin());
  // One key stands for one item and height, or a damaged key could hide another's value.
  if (keys::item(path, item, height) != as_text(in)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView in(data + 2, size - 2);
  switch (data[0] % 5) {
    case 0: check_page(TreeKind::kScopes, data[1] % kMaxPageDepth, in); break;
    case 1: check_page(TreeKind::kItems, data[1] % kMaxPageDepth, in); break;
    case 2: (void)decode_object(in); break;
    case 3:
      if (const auto list = PackedList::open(in)) {
        (void)list->all<Receipt>();
        (void)list->all<StoredAction>();
      }
      break;
    default: check_item_key(in);
  }
  return 0;
}
