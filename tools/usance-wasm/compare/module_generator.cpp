#include "tools/usance-wasm/compare/module_generator.h"

#include "tools/usance-wasm/compare/body_generator.h"
#include "tools/usance-wasm/compare/module_plan.h"

namespace usance::tools {

namespace {

using vm::FunctionType;
using vm::ValueType;
using Types = std::vector<ValueType>;

constexpr std::uint32_t kTableGrowth = 20;

Types some_numbers(Choices& choices, std::uint32_t most) {
  Types types(choices.below(most + 1));
  for (ValueType& type : types) type = choices.chance(60) ? ValueType::kI32 : ValueType::kI64;
  return types;
}

ModulePlan plan_module(Choices& choices) {
  ModulePlan plan;
  plan.imports = choices.below(3);
  plan.generated = 1 + choices.below(4);
  for (std::uint32_t i = 0; i < plan.imports; ++i) {
    Types results = some_numbers(choices, 1);
    plan.functions.push_back(plan.type({some_numbers(choices, 3), results}));
  }
  for (std::uint32_t i = 0; i < plan.generated; ++i) {
    const Types results = some_numbers(choices, 3);
    plan.functions.push_back(plan.type({some_numbers(choices, 4), results}));
  }
  for (std::uint32_t i = 0; i < plan.generated; ++i) {
    plan.functions.push_back(plan.functions[plan.guard(i)]);
  }
  plan.globals = {{ValueType::kI32, true}, {ValueType::kI32, true}};
  for (std::uint32_t i = choices.below(5); i > 0; --i) {
    plan.globals.push_back(
        {choices.chance(60) ? ValueType::kI32 : ValueType::kI64, choices.chance(80)});
  }
  plan.table_sizes = {8 + choices.below(8)};
  if (choices.chance(40)) plan.table_sizes.push_back(1 + choices.below(6));
  plan.most_pages = 1 + choices.below(3);
  for (std::uint32_t i = 1 + choices.below(3); i > 0; --i) {
    plan.data_sizes.push_back(1 + choices.below(40));
  }
  for (std::uint32_t i = 1 + choices.below(3); i > 0; --i) {
    std::vector<std::uint32_t> segment(1 + choices.below(8));
    for (std::uint32_t& function : segment) function = choices.below(plan.callable());
    plan.elements.push_back(segment);
  }
  return plan;
}

BodyWriter zeros(const Types& types) {
  BodyWriter out;
  for (const ValueType type : types) type == ValueType::kI32 ? out.i32(0) : out.i64(0);
  return out;
}

// Calls the body unless the steps or the depth are used up; gives zeros then.
BodyWriter guard_body(const ModulePlan& plan, std::uint32_t i) {
  const FunctionType& type = plan.type_of(plan.guard(i));
  BodyWriter out;
  out.op({0});
  out.index(0x23, ModulePlan::kSteps).op({0x45});
  out.index(0x23, ModulePlan::kDepth).i32(ModulePlan::kMostDepth).op({0x4f, 0x72, 0x04, kEmpty});
  out.append(zeros(type.results)).op({0x0f, 0x0b});
  out.index(0x23, ModulePlan::kSteps).i32(1).op({0x6b}).index(0x24, ModulePlan::kSteps);
  out.index(0x23, ModulePlan::kDepth).i32(1).op({0x6a}).index(0x24, ModulePlan::kDepth);
  for (std::uint32_t p = 0; p < type.params.size(); ++p) out.get(p);
  out.index(0x10, plan.body(i));
  out.index(0x23, ModulePlan::kDepth).i32(1).op({0x6b}).index(0x24, ModulePlan::kDepth);
  return out.op({0x0b});
}

BodyWriter run_body(Choices& choices, const ModulePlan& plan, std::uint32_t i) {
  BodyWriter out;
  out.op({0});
  out.i32(ModulePlan::kMostSteps).index(0x24, ModulePlan::kSteps);
  out.i32(0).index(0x24, ModulePlan::kDepth);
  for (const ValueType type : plan.type_of(plan.guard(i)).params) {
    const auto value = static_cast<std::int64_t>(choices.word()) % 1'000;
    type == ValueType::kI32 ? out.i32(static_cast<std::int32_t>(value)) : out.i64(value);
  }
  return out.index(0x10, plan.guard(i)).op({0x0b});
}

// Folds memory, globals and tables into an i64. Locals: address, end, value.
BodyWriter digest_body(const ModulePlan& plan) {
  BodyWriter out;
  out.op({2, 2, 0x7f, 1, 0x7e});
  const auto fold = [&out](const BodyWriter& value) {
    out.get(2).i64(7).op({0x89}).i64(0x1e37'79b9'7f4a'7c15).op({0x7e});
    out.append(value).op({0x85}).set(2);
  };
  out.op({0x3f, 0}).i32(16).op({0x74}).set(1).op({0x03, kEmpty});
  fold(BodyWriter().get(0).memory(0x29));
  out.get(0).i32(8).op({0x6a}).tee(0).get(1).op({0x49, 0x0d, 0, 0x0b});
  for (std::uint32_t g = 0; g < plan.globals.size(); ++g) {
    BodyWriter value;
    value.index(0x23, g);
    if (plan.globals[g].type == ValueType::kI32) value.op({0xad});
    fold(value);
  }
  for (std::uint32_t t = 0; t < plan.table_sizes.size(); ++t) {
    fold(BodyWriter().op({0xfc, 16}).unsigned_number(t).op({0xad}));
    for (std::uint32_t i = 0; i < plan.table_sizes[t]; ++i) {
      fold(BodyWriter().i32(static_cast<std::int32_t>(i)).index(0x25, t).op({0xd1, 0xad}));
    }
  }
  return out.get(2).op({0x0b});
}

class Sections {
 public:
  Sections() { out_.op({0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0}); }
  void add(int id, std::size_t count, const BodyWriter& items) {
    BodyWriter content;
    content.unsigned_number(count).append(items);
    raw(id, content);
  }
  void raw(int id, const BodyWriter& content) {
    out_.op({id}).unsigned_number(content.code().size()).append(content);
  }
  [[nodiscard]] const Bytes& bytes() const { return out_.code(); }

 private:
  BodyWriter out_;
};

void name(BodyWriter& out, const std::string& text) {
  out.unsigned_number(text.size());
  for (const char c : text) out.op({c});
}

void limits(BodyWriter& out, std::uint32_t least, std::uint32_t most) {
  out.op({1}).unsigned_number(least).unsigned_number(most);
}

void write_types(Sections& sections, const ModulePlan& plan) {
  BodyWriter types;
  for (const FunctionType& type : plan.types) {
    types.op({0x60}).unsigned_number(type.params.size());
    for (const ValueType t : type.params) types.op({static_cast<int>(t)});
    types.unsigned_number(type.results.size());
    for (const ValueType t : type.results) types.op({static_cast<int>(t)});
  }
  sections.add(1, plan.types.size(), types);
}

void write_storage(Sections& sections, Choices& choices, const ModulePlan& plan) {
  BodyWriter tables;
  for (const std::uint32_t size : plan.table_sizes) {
    tables.op({0x70});
    limits(tables, size, size + kTableGrowth);
  }
  sections.add(4, plan.table_sizes.size(), tables);
  BodyWriter memory;
  limits(memory, plan.pages, plan.most_pages);
  sections.add(5, 1, memory);
  BodyWriter globals;
  for (const vm::GlobalType& global : plan.globals) {
    globals.op({static_cast<int>(global.type), global.is_mutable ? 1 : 0});
    const auto value = static_cast<std::int64_t>(choices.word() % 100'000);
    global.type == ValueType::kI32 ? globals.i32(static_cast<std::int32_t>(value))
                                   : globals.i64(value);
    globals.op({0x0b});
  }
  sections.add(6, plan.globals.size(), globals);
}

void write_elements(Sections& sections, const ModulePlan& plan) {
  BodyWriter elements;
  for (std::size_t i = 0; i < plan.elements.size(); ++i) {
    i == 0 ? elements.op({0, 0x41, 0, 0x0b}) : elements.op({1, 0});
    elements.unsigned_number(plan.elements[i].size());
    for (const std::uint32_t function : plan.elements[i]) elements.unsigned_number(function);
  }
  sections.add(9, plan.elements.size(), elements);
  sections.raw(12, BodyWriter().unsigned_number(plan.data_sizes.size()));
}

void write_data(Sections& sections, Choices& choices, const ModulePlan& plan) {
  BodyWriter data;
  for (std::size_t i = 0; i < plan.data_sizes.size(); ++i) {
    if (i == 0) {
      data.op({0}).i32(static_cast<std::int32_t>(choices.below(5'000))).op({0x0b});
    } else {
      data.op({1});
    }
    data.unsigned_number(plan.data_sizes[i]);
    for (std::uint32_t b = 0; b < plan.data_sizes[i]; ++b) {
      data.op({static_cast<int>(choices.below(256))});
    }
  }
  sections.add(11, plan.data_sizes.size(), data);
}

}  // namespace

GeneratedModule generate_module(Choices& choices) {
  ModulePlan plan = plan_module(choices);
  std::vector<BodyWriter> bodies;
  bodies.reserve(std::size_t{2} * plan.generated);
  for (std::uint32_t i = 0; i < plan.generated; ++i) bodies.push_back(guard_body(plan, i));
  for (std::uint32_t i = 0; i < plan.generated; ++i) {
    BodyGenerator body(choices, plan, plan.type_of(plan.body(i)));
    bodies.push_back(body.body(10 + choices.below(150)));
  }
  // Nothing refers to what follows, so it comes after the bodies.
  GeneratedModule made;
  made.runs = plan.generated;
  BodyWriter exports;
  const std::uint32_t first_run = plan.imports + 2 * plan.generated;
  for (std::uint32_t i = 0; i < made.runs; ++i) {
    const FunctionType type{{}, plan.type_of(plan.guard(i)).results};
    plan.functions.push_back(plan.type(type));
    bodies.push_back(run_body(choices, plan, i));
    name(exports, "run_" + std::to_string(i));
    exports.op({0}).unsigned_number(first_run + i);
    name(exports, "digest_" + std::to_string(i));
    exports.op({0}).unsigned_number(first_run + made.runs);
  }
  plan.functions.push_back(plan.type({{}, {ValueType::kI64}}));
  bodies.push_back(digest_body(plan));

  Sections sections;
  write_types(sections, plan);
  BodyWriter imports;
  for (std::uint32_t i = 0; i < plan.imports; ++i) {
    name(imports, "env");
    name(imports, "h" + std::to_string(i));
    imports.op({0}).unsigned_number(plan.functions[i]);
  }
  if (plan.imports > 0) sections.add(2, plan.imports, imports);
  BodyWriter functions;
  for (std::size_t i = plan.imports; i < plan.functions.size(); ++i) {
    functions.unsigned_number(plan.functions[i]);
  }
  sections.add(3, plan.functions.size() - plan.imports, functions);
  write_storage(sections, choices, plan);
  sections.add(7, std::size_t{2} * made.runs, exports);
  write_elements(sections, plan);
  BodyWriter code;
  for (const BodyWriter& body : bodies) {
    code.unsigned_number(body.code().size()).append(body);
  }
  sections.add(10, bodies.size(), code);
  write_data(sections, choices, plan);
  made.bytes = sections.bytes();
  return made;
}

}  // namespace usance::tools
