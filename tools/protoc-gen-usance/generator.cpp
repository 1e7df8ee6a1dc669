#include "generator.h"

#include <memory>

#include <google/protobuf/io/zero_copy_stream.h>

#include "check.h"
#include "names.h"

namespace usance::generator {

namespace pb = google::protobuf;

bool Generator::Generate(const pb::FileDescriptor* file, const std::string& parameter,
                         pb::compiler::GeneratorContext* context, std::string* error) const {
  if (std::optional<std::string> why = refusal(*file)) {
    *error = *std::move(why);
    return false;
  }
  const auto write = [&](const std::string& suffix,
                         void (*print)(const pb::FileDescriptor&, pb::io::Printer&)) {
    const std::unique_ptr<pb::io::ZeroCopyOutputStream> stream(context->Open(stem(*file) + suffix));
    pb::io::Printer printer(stream.get(), '$');
    print(*file, printer);
  };
  if (parameter == "entry") {
    if (file->service_count() == 0) {
      *error = file->name() + ": has no service, so there is nothing to invoke";
      return false;
    }
    write(".usance_entry.cpp", print_entry);
    return true;
  }
  if (!parameter.empty()) {
    *error = "unknown parameter '" + parameter + "'; the only one is: entry";
    return false;
  }
  write(".usance.h", print_header);
  write(".usance.cpp", print_source);
  return true;
}

}  // namespace usance::generator
