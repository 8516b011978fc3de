// Words of a list and words of no language, so that a reader learns letters and not a list.

#include "data/tasks/short_word.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace melete::train {
namespace {

constexpr std::array<std::string_view, 120> kWords = {
    "Mon",   "Tue",   "Wed",   "Thu",   "Fri",   "Sat",    "Sun",   "Jan",   "Feb",   "Mar",
    "Apr",   "May",   "Jun",   "Jul",   "Aug",   "Sep",    "Oct",   "Nov",   "Dec",   "Owls",
    "Cats",  "Dogs",  "Cows",  "Bees",  "Ants",  "Hens",   "Foxes", "Goats", "Birds", "Fish",
    "Mice",  "Pigs",  "Sheep", "Tea",   "Milk",  "Rice",   "Corn",  "Figs",  "Pears", "Nuts",
    "Plums", "Beans", "Soup",  "Bread", "Kiwi",  "Apples", "Wine",  "Water", "Oslo",  "Rome",
    "Paris", "Lima",  "Bern",  "Cairo", "Delhi", "Tokyo",  "Seoul", "Kyiv",  "Quito", "Riga",
    "North", "East",  "South", "West",  "Red",   "Green",  "Blue",  "Black", "White", "Gold",
    "Pink",  "Grey",  "Bus",   "Car",   "Bike",  "Train",  "Plane", "Ship",  "Walk",  "Tram",
    "Gas",   "Oil",   "Coal",  "Wind",  "Solar", "Wood",   "Iron",  "Steel", "Q1",    "Q2",
    "Q3",    "Q4",    "Math",  "Art",   "Music", "Sport",  "Maya",  "Noah",  "Emma",  "Liam",
    "Zoe",   "Jack",  "Kim",   "Vera",  "Yes",   "No",     "Other", "Total", "Old",   "New",
    "High",  "Low",   "Big",   "Small", "Left",  "Right",  "Home",  "Work",  "Day",   "Year"};

std::string made_word(Random& random, int letters) {
  constexpr std::string_view kVowels = "aeiouy";
  constexpr std::string_view kConsonants = "bcdfghjklmnpqrstvwxz";
  std::string word;
  bool vowel = random.chance(0.4);
  for (int i = 0; i < letters; ++i) {
    word += random.pick(vowel ? kVowels : kConsonants);
    vowel = random.chance(0.85) ? !vowel : vowel;
  }
  return word;
}

char capital(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// As titles, signs and running text are written.
std::string in_some_case(std::string word, Random& random) {
  const double fate = random.unit();
  if (fate < 0.6) {
    word.front() = capital(word.front());
  } else if (fate < 0.75) {
    std::ranges::transform(word, word.begin(), capital);
  }
  return word;
}

}  // namespace

std::string short_word(Random& random, int most_letters) {
  const double fate = random.unit();
  if (fate < 0.08) return std::string(1, static_cast<char>('A' + random.between(0, 25)));
  if (fate < 0.16) return std::to_string(random.between(0, 2100));
  if (fate < 0.4) return in_some_case(made_word(random, random.between(2, most_letters)), random);
  for (;;) {
    const std::string_view word = random.pick(kWords);
    if (std::ssize(word) > most_letters) continue;
    if (random.chance(0.8)) return std::string(word);
    std::string other(word);
    std::ranges::transform(other, other.begin(), random.chance(0.5) ? capital : small);
    return other;
  }
}

}  // namespace melete::train
