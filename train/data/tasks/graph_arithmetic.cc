// Named values, each computed from earlier ones; the lines come in any order, and some are of no
// use.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

constexpr int64_t kModulus = 100;  // keeps values short

struct Node {
  char name = 'a';
  int64_t value = 0;
  std::string formula;      // with names, e.g. "b + c"
  std::string with_values;  // e.g. "3 + 4"
  std::vector<size_t> uses;
};

Node leaf(char name, Random& random) {
  const int64_t value = random.between(1, 20);
  return {name, value, std::to_string(value), std::to_string(value), {}};
}

Node inner(char name, const std::vector<Node>& nodes, Random& random) {
  const auto first = static_cast<size_t>(random.between(0, std::ssize(nodes) - 1));
  const auto second = static_cast<size_t>(random.between(0, std::ssize(nodes) - 1));
  const char operation = "++-*"[random.between(0, 3)];
  const int64_t x = nodes[first].value;
  const int64_t y = nodes[second].value;
  const int64_t raw = operation == '+' ? x + y : operation == '-' ? x - y : x * y;
  return {name,
          (raw % kModulus + kModulus) % kModulus,
          fmt::format("{} {} {}", nodes[first].name, operation, nodes[second].name),
          fmt::format("{} {} {}", x, operation, y),
          {first, second}};
}

// The nodes that the last one needs, in order.
std::vector<size_t> needed(const std::vector<Node>& nodes) {
  std::vector<bool> wanted(nodes.size());
  wanted.back() = true;
  std::vector<size_t> order;
  for (size_t i = nodes.size(); i-- > 0;) {
    if (!wanted[i]) continue;
    order.push_back(i);
    for (const size_t used : nodes[i].uses) wanted[used] = true;
  }
  std::ranges::reverse(order);
  return order;
}

std::string question_of(const std::vector<Node>& nodes, Random& random) {
  std::vector<std::string> lines;
  for (const Node& node : nodes) lines.push_back(fmt::format("{} = {}", node.name, node.formula));
  random.shuffle(lines);
  constexpr std::array kSeparators = {"\n", "; ", ", "};
  constexpr std::array kWordings = {
      "Everything is mod {1}. {2}{0}{2}What is {3}?",
      "Given (modulo {1}):{2}{0}{2}Find the value of {3}.",
      "{0}{2}All results are taken mod {1}. What is the value of {3}?"};
  const char* separator = random.pick(kSeparators);
  return fmt::format(fmt::runtime(random.pick(kWordings)), fmt::join(lines, separator), kModulus,
                     separator[0] == '\n' ? "\n" : " ", nodes.back().name);
}

class GraphArithmetic final : public Task {
 public:
  std::string_view name() const override { return "graph_arithmetic"; }

  Problem make(Random& random, int difficulty) const override {
    std::string names = "abcdefghijklmnopqrstuvwxyz";
    random.shuffle(names);
    std::vector<Node> nodes = {leaf(names[0], random), leaf(names[1], random)};
    const int64_t inners = random.between(1 + difficulty, 2 + difficulty * 3 / 2);
    for (int64_t i = 0; i < inners; ++i) {
      const char name = names[nodes.size()];
      nodes.push_back(random.chance(0.15) ? leaf(name, random) : inner(name, nodes, random));
    }
    nodes.push_back(inner(names[nodes.size()], nodes, random));
    Problem problem{.question = {question_of(nodes, random)}};
    for (const size_t i : needed(nodes)) {
      const Node& node = nodes[i];
      problem.short_trace += fmt::format("{} = {}\n", node.name, node.value);
      problem.long_trace +=
          fmt::format("{} = {} = {} = {}\n", node.name, node.formula, node.with_values, node.value);
    }
    problem.short_trace.pop_back();
    problem.long_trace.pop_back();
    problem.answer = std::to_string(nodes.back().value);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_graph_arithmetic() {
  return std::make_unique<GraphArithmetic>();
}

}  // namespace melete::train
