#include "tools/usance/arguments.h"

#include <algorithm>

#include "tools/render/suggest.h"

namespace usance::cli {

namespace pb = google::protobuf;
using render::Interface;

namespace {

constexpr std::string_view kWhole = "arguments";

std::string underscored(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

bool is_plain_message(const pb::FieldDescriptor& field) {
  return field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE &&
         !render::is_money(*field.message_type());
}

// All flags of a message, nested ones with dots, as deep as a person would type.
void collect_flags(const pb::Descriptor& type, const std::string& prefix, unsigned depth,
                   std::vector<std::string>& out) {
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    const std::string name = prefix + flag_name(field.name()).substr(2);
    out.push_back("--" + name);
    if (depth > 0 && is_plain_message(field) && !field.is_repeated())
      collect_flags(*field.message_type(), name + ".", depth - 1, out);
  }
}

// "--offsets.from" where offsets is a list: its elements are given whole.
const pb::FieldDescriptor* list_before_dot(const pb::Descriptor& request, const std::string& path) {
  const pb::Descriptor* type = &request;
  for (std::size_t from = 0; from < path.size();) {
    const std::size_t dot = path.find('.', from);
    const pb::FieldDescriptor* field =
        type->FindFieldByName(underscored(path.substr(from, dot - from)));
    if (field == nullptr || dot == std::string::npos || !is_plain_message(*field)) return nullptr;
    if (field->is_repeated()) return field;
    type = field->message_type();
    from = dot + 1;
  }
  return nullptr;
}

tl::unexpected<Error> unknown_flag(const pb::MethodDescriptor& method, const std::string& flag) {
  if (const auto* list = list_before_dot(*method.input_type(), flag.substr(2)))
    return fail(ErrorCode::kInvalidArgument,
                flag + ": " + list->name() + " is a list: give each " +
                    list->message_type()->name() +
                    " as JSON, with one flag for each; --help shows its fields");
  std::vector<std::string> flags{"--" + std::string(kWhole)};
  collect_flags(*method.input_type(), "", 3, flags);
  return fail(ErrorCode::kInvalidArgument, method.name() + " has no flag " + flag +
                                               render::did_you_mean(flag, flags) +
                                               "\n--help shows its flags");
}

// Walks "terms.amount" to the message that holds the last field.
struct Place {
  pb::Message* message = nullptr;
  const pb::FieldDescriptor* field = nullptr;
};
Place find_place(pb::Message& request, const std::string& path) {
  Place place{&request, nullptr};
  std::size_t from = 0;
  for (;;) {
    const std::size_t dot = path.find('.', from);
    const std::string name = underscored(path.substr(from, dot - from));
    place.field = place.message->GetDescriptor()->FindFieldByName(name);
    if (place.field == nullptr || dot == std::string::npos) return place;
    if (!is_plain_message(*place.field) || place.field->is_repeated()) return Place{};
    place.message = place.message->GetReflection()->MutableMessage(place.message, place.field);
    from = dot + 1;
  }
}

Result<void> set_whole(pb::Message& request, const std::string& value,
                       const render::FileReader& files, std::vector<std::string>& given) {
  std::string text = value;
  std::string where = "--arguments";
  if (value.starts_with("@")) {
    where = value.substr(1);
    USANCE_ASSIGN(const Bytes content, files(where));
    text = std::string(as_text(content));
  }
  USANCE_ASSIGN(const nlohmann::json json, render::parse_json(text, where));
  Result<void> set = render::set_from_json(request, json, "");
  if (!set) return fail_with(where, set.error());
  for (const auto& [name, ignored] : json.items()) given.push_back(underscored(name));
  return {};
}

}  // namespace

std::string flag_name(const std::string& field) {
  std::string out = "--" + field;
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

Result<std::unique_ptr<pb::Message>> build_request(const Interface& interface,
                                                   const pb::MethodDescriptor& method,
                                                   const std::vector<std::string>& words,
                                                   const render::FileReader& files) {
  std::unique_ptr<pb::Message> request = interface.make(*method.input_type());
  std::vector<std::string> given;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with("--") || word.size() == 2)
      return fail(ErrorCode::kInvalidArgument,
                  "'" + word + "' stands where a flag should: values follow their flag, as in " +
                      "--name VALUE");
    const std::size_t equals = word.find('=');
    const std::string flag = word.substr(0, equals);
    const std::string path = flag.substr(2);
    const bool whole =
        path == kWhole && request->GetDescriptor()->FindFieldByName(std::string(kWhole)) == nullptr;
    const Place place = whole ? Place{} : find_place(*request, path);
    if (!whole && place.field == nullptr) return unknown_flag(method, flag);
    std::string value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!whole && place.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL &&
               (i + 1 == words.size() || words[i + 1].starts_with("--"))) {
      value = "true";
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      return fail(ErrorCode::kInvalidArgument,
                  flag + " needs a value" +
                      (whole ? std::string() : ": " + render::value_hint(*place.field)));
    }
    if (whole) {
      USANCE_TRY(set_whole(*request, value, files, given));
      continue;
    }
    const std::string name = underscored(path);
    if (!place.field->is_repeated() && std::find(given.begin(), given.end(), name) != given.end())
      return fail(ErrorCode::kInvalidArgument, flag + " is given twice");
    given.push_back(name);
    const Result<void> set = render::set_from_text(*place.message, *place.field, value, files);
    if (!set) {
      std::string message = set.error().message;
      if (message.starts_with(place.field->name() + ": "))
        message.erase(0, place.field->name().size() + 2);
      message.insert(0, ": ").insert(0, flag);
      return fail(ErrorCode::kInvalidArgument, std::move(message));
    }
  }
  const std::vector<std::string> missing = render::missing_fields(*request);
  if (!missing.empty()) {
    std::string flags;
    for (const std::string& name : missing) flags += " " + flag_name(name);
    return fail(ErrorCode::kInvalidArgument,
                method.name() + " needs" + flags + "\n--help shows all of its flags");
  }
  USANCE_TRY(render::check_lengths(*request));
  return request;
}

std::string who_may_call(const pb::MethodDescriptor& method) {
  const contract::MethodOptions options = render::options_of(method);
  const auto alternatives = [](const auto& words) {
    std::string out;
    for (int i = 0; i < words.size(); ++i)
      out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words.Get(i);
    return out;
  };
  if (options.timer()) return "a ledger timer only";
  if (options.migrate()) return "an upgrade only";
  if (options.contracts_only()) return "other contracts only";
  std::string who =
      options.permissions_size() > 0 ? alternatives(options.permissions()) : "anybody";
  if (options.roles_size() > 0) {
    const bool vowel =
        std::string_view("aeiou").find(options.roles(0).front()) != std::string_view::npos;
    who += (vowel ? " of an " : " of a ") + alternatives(options.roles());
  }
  return who;
}

namespace {

struct FlagLine {
  std::string flag;
  std::string hint;
  std::vector<std::string> comment;
};

std::string hint_of(const pb::FieldDescriptor& field, bool in_json = false) {
  std::string hint = in_json ? render::json_hint(field) : render::value_hint(field);
  if (field.is_repeated()) hint += in_json ? "; a list [...]" : "; repeatable";
  if (render::options_of(field).required()) hint += " (required)";
  return hint;
}

std::string laid_out(const std::vector<FlagLine>& lines) {
  std::size_t width = 0;
  for (const FlagLine& line : lines) width = std::max(width, line.flag.size());
  std::string out;
  for (const FlagLine& line : lines) {
    out += "  " + line.flag + std::string(width - line.flag.size() + 2, ' ') + line.hint + "\n";
    for (const std::string& comment : line.comment)
      out += std::string(width + 4, ' ') + comment + "\n";
  }
  return out;
}

// The messages below a request whose fields are no flags of its help, each once: what to write into
// the JSON of a repeated or deeper one.
void collect_messages(const pb::Descriptor& type, unsigned depth,
                      std::vector<const pb::Descriptor*>& out) {
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    if (!is_plain_message(field)) continue;
    const pb::Descriptor* inner = field.message_type();
    const bool listed = std::find(out.begin(), out.end(), inner) != out.end();
    const bool flags = depth == 0 && !field.is_repeated();
    if (!flags && listed) continue;
    if (!flags) out.push_back(inner);
    collect_messages(*inner, depth + 1, out);
  }
}

std::string messages_help(const pb::Descriptor& request) {
  std::vector<const pb::Descriptor*> messages;
  collect_messages(request, 0, messages);
  std::string out;
  for (const pb::Descriptor* message : messages) {
    std::string json;
    std::vector<FlagLine> lines;
    for (int i = 0; i < message->field_count(); ++i) {
      const pb::FieldDescriptor& field = *message->field(i);
      json += (json.empty() ? "\"" : ", \"") + field.name() + "\": ...";
      lines.push_back({field.name(), hint_of(field, true), render::comment_lines(field)});
    }
    out += "\n" + message->name() + " in JSON: {" + json + "}\n" + laid_out(lines);
  }
  return out;
}

}  // namespace

std::string method_help(const Interface& interface, const pb::MethodDescriptor& method) {
  const bool view = render::options_of(method).view();
  std::string out = interface.contract() + " " + method.name() + (view ? " (reads only)" : "") +
                    "\nfor " + who_may_call(method) + "\n";
  for (const std::string& line : render::comment_lines(method)) out += "  " + line + "\n";
  out += "\nusage: usance " + std::string(view ? "query view " : "call ") + interface.contract() +
         " " + method.name();
  const pb::Descriptor& type = *method.input_type();
  std::vector<FlagLine> lines;
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    const bool yes_or_no = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL;
    if (render::options_of(field).required())
      out += " " + flag_name(field.name()) + (yes_or_no ? "[=false]" : " ...");
    lines.push_back({flag_name(field.name()), hint_of(field), render::comment_lines(field)});
    if (!is_plain_message(field) || field.is_repeated()) continue;
    for (int n = 0; n < field.message_type()->field_count(); ++n) {
      const pb::FieldDescriptor& inner = *field.message_type()->field(n);
      lines.push_back({"  " + flag_name(field.name()) + "." + flag_name(inner.name()).substr(2),
                       hint_of(inner), render::comment_lines(inner)});
    }
  }
  lines.push_back({"--arguments", "the whole request as JSON, or @FILE.json", {}});
  out += "\n\n" + laid_out(lines) + messages_help(type);
  out += "\nanswers with " + method.output_type()->name() + "\n";
  return out;
}

std::string interface_help(const Interface& interface) {
  std::string out = interface.contract() + " (" + interface.service().name() + ")\n";
  for (const std::string& line : render::comment_lines(interface.service()))
    out += "  " + line + "\n";
  std::size_t width = 0;
  for (const pb::MethodDescriptor* method : interface.methods())
    width = std::max(width, method->name().size());
  for (const bool view : {false, true}) {
    out += view ? "\nviews: usance query view " + interface.contract() + " METHOD\n"
                : "\nmethods: usance call " + interface.contract() + " METHOD\n";
    for (const pb::MethodDescriptor* method : interface.methods()) {
      if (render::options_of(*method).view() != view) continue;
      out += "  " + method->name() + std::string(width - method->name().size() + 2, ' ') +
             who_may_call(*method) + "\n";
      for (const std::string& line : render::comment_lines(*method))
        out += std::string(width + 4, ' ') + line + "\n";
    }
  }
  return out;
}

}  // namespace usance::cli
