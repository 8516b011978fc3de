// A grid of walls and ways. The length of the shortest way is asked for, up, down, left and right.

#include <fmt/format.h>

#include <array>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

struct Cell {
  int row = 0;
  int column = 0;

  bool operator==(const Cell&) const = default;
};

constexpr int kUnseen = -1;

class Grid {
 public:
  Grid(int side, double walls, Random& random) : side_(side), wall_(size_t(side) * side) {
    for (size_t i = 0; i < wall_.size(); ++i) wall_[i] = random.chance(walls);
  }

  bool open(Cell cell) const {
    const bool inside =
        cell.row >= 0 && cell.column >= 0 && cell.row < side_ && cell.column < side_;
    return inside && !wall_[index(cell)];
  }
  void clear(Cell cell) { wall_[index(cell)] = false; }
  size_t index(Cell cell) const { return size_t(cell.row) * side_ + cell.column; }
  int side() const { return side_; }

 private:
  int side_;
  std::vector<bool> wall_;
};

std::array<Cell, 4> neighbours(Cell cell) {
  return {{{cell.row - 1, cell.column},
           {cell.row, cell.column + 1},
           {cell.row + 1, cell.column},
           {cell.row, cell.column - 1}}};
}

struct Search {
  std::vector<Cell> order;     // cells in the order in which they were reached
  std::vector<int> distances;  // by cell; kUnseen where there is no way
};

// Breadth first from `goal`, so that distances lead there.
Search search(const Grid& grid, Cell goal) {
  Search found{{goal}, std::vector<int>(size_t(grid.side()) * grid.side(), kUnseen)};
  found.distances[grid.index(goal)] = 0;
  for (size_t i = 0; i < found.order.size(); ++i) {
    const Cell cell = found.order[i];
    for (const Cell next : neighbours(cell)) {
      if (!grid.open(next) || found.distances[grid.index(next)] != kUnseen) continue;
      found.distances[grid.index(next)] = found.distances[grid.index(cell)] + 1;
      found.order.push_back(next);
    }
  }
  return found;
}

std::string drawing(const Grid& grid, Cell start, Cell goal) {
  std::string text;
  for (int row = 0; row < grid.side(); ++row) {
    for (int column = 0; column < grid.side(); ++column) {
      const Cell cell{row, column};
      text += cell == start ? 'S' : cell == goal ? 'G' : grid.open(cell) ? '.' : '#';
    }
    text += '\n';
  }
  return text;
}

// Walks downhill; the long trace names every way that leads nowhere nearer.
void trace(const Grid& grid, const Search& found, Cell start, Problem& problem) {
  constexpr std::array kDirections = {"up", "right", "down", "left"};
  Cell cell = start;
  int left = found.distances[grid.index(start)];
  for (int step = 1; left > 0; ++step, --left) {
    const std::array<Cell, 4> around = neighbours(cell);
    size_t chosen = 0;
    for (size_t i = 0; i < around.size(); ++i) {
      if (!grid.open(around[i])) continue;
      if (found.distances[grid.index(around[i])] == left - 1) {
        chosen = i;
        break;
      }
      problem.long_trace += fmt::format("{} no\n", kDirections[i]);
    }
    problem.short_trace += fmt::format("{}{}", step == 1 ? "" : " ", kDirections[chosen]);
    problem.long_trace += fmt::format("{} {}\n", step, kDirections[chosen]);
    cell = around[chosen];
  }
  problem.long_trace += "goal";
}

class Maze final : public Task {
 public:
  std::string_view name() const override { return "maze"; }

  Problem make(Random& random, int difficulty) const override {
    const int side = 3 + difficulty * 6 / kHardest;
    for (;;) {
      Grid grid(side, 0.3, random);
      const auto place = [&] {
        const auto row = static_cast<int>(random.between(0, side - 1));
        return Cell{row, static_cast<int>(random.between(0, side - 1))};
      };
      const Cell start = place();
      const Cell goal = place();
      grid.clear(start);
      grid.clear(goal);
      const Search found = search(grid, goal);
      const int distance = found.distances[grid.index(start)];
      if (distance < 2) continue;
      constexpr std::array kWordings = {
          "Find the way from S to G. How many steps does the shortest path have?\n{}",
          "What is the length of the shortest path from S to G? # is a wall.\n{}",
          "{}How many steps are there from S to G, at least?",
          "This is a maze:\n{}You are at S and want to go to G. How many steps do you need?"};
      Problem problem{.question = {fmt::format(fmt::runtime(random.pick(kWordings)),
                                               drawing(grid, start, goal))},
                      .answer = std::to_string(distance)};
      trace(grid, found, start, problem);
      return problem;
    }
  }
};

}  // namespace

std::unique_ptr<Task> make_maze() {
  return std::make_unique<Maze>();
}

}  // namespace melete::train
