#include "node/services/access_note.h"

#include <google/protobuf/text_format.h>

namespace usance::node {

namespace {

std::string method_of(const google::protobuf::Message& request) {
  constexpr std::string_view kRequest = "Request";
  std::string name = request.GetDescriptor()->name();
  if (name.ends_with(kRequest)) name.resize(name.size() - kRequest.size());
  return name;
}

std::string words_of(const google::protobuf::Message& request) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetTruncateStringFieldLongerThan(80);
  std::string text;
  printer.PrintToString(request, &text);
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace

AccessNote::AccessNote(AccessLog& log, const Clock& clock, const google::protobuf::Message& request)
    : AccessNote(log, clock, log.keeps() ? method_of(request) : "",
                 log.keeps() ? words_of(request) : "") {}

AccessNote::AccessNote(AccessLog& log, const Clock& clock, std::string method, std::string what)
    : log_(&log), clock_(&clock) {
  record_.method = std::move(method);
  record_.what = std::move(what);
}

void AccessNote::asked_by(const Caller& caller) {
  record_.org = caller.org;
  record_.role = caller.role;
  record_.name = caller.name;
}

void AccessNote::ended(const proto::Api<void>& outcome) {
  ended(outcome ? "OK" : proto::reason_name(outcome.error().reason));
}

void AccessNote::ended(std::string result) {
  record_.time = clock_->wall();
  record_.result = std::move(result);
  record_.duration_us =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now() - begin_)
                                     .count());
  log_->write(record_);
}

}  // namespace usance::node
