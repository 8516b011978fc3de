#include "model/batch.h"

#include <limits>
#include <numeric>

namespace melete::train {

namespace {

torch::Tensor copy_of(const std::vector<int64_t>& values, torch::Device device) {
  return torch::tensor(values, torch::kLong).to(device);
}

torch::Tensor make_bias(const PackedRows& packed, torch::Device device) {
  const auto grid = [&](const std::vector<int64_t>& values) {
    return copy_of(values, device).view({packed.rows, packed.length});
  };
  const auto pairs_equal = [](const torch::Tensor& values) {
    return values.unsqueeze(2) == values.unsqueeze(1);
  };
  const torch::Tensor blocks = grid(packed.blocks);
  const torch::Tensor earlier =
      torch::ones({packed.length, packed.length}, blocks.options().dtype(torch::kBool)).tril();
  const torch::Tensor same_picture = pairs_equal(blocks) & (blocks > 0).unsqueeze(2);
  const torch::Tensor seen = pairs_equal(grid(packed.sequences)) & (earlier | same_picture);
  return torch::zeros(seen.sizes(), blocks.options().dtype(torch::kFloat))
      .masked_fill(~seen, -std::numeric_limits<double>::infinity())
      .unsqueeze(1);
}

void append_range(std::vector<int64_t>& places, int64_t first, int64_t count) {
  places.resize(places.size() + count);
  std::iota(places.end() - count, places.end(), first);
}

void place_pictures(const PackedRows& packed, torch::Device device, Batch& batch) {
  std::vector<torch::Tensor> squares;
  std::vector<int64_t> places;
  for (const PlacedPicture& picture : packed.pictures) {
    const int64_t side = picture.square.width;
    squares.push_back(torch::tensor(picture.square.pixels, torch::kByte).view({side, side, 3}));
    append_range(places, picture.first, picture.tokens);
  }
  batch.pixels = squares.empty() ? torch::empty({0, 0, 0, 3}, torch::kByte) : torch::stack(squares);
  batch.pixels = batch.pixels.to(device);
  batch.picture_places = copy_of(places, device);
}

void place_sounds(const PackedRows& packed, torch::Device device, Batch& batch) {
  std::vector<torch::Tensor> chunks;
  std::vector<int64_t> places;
  for (const PlacedSound& sound : packed.sounds) {
    const Spectrogram& mel = sound.spectrogram;
    chunks.push_back(torch::tensor(mel.values).view({mel.chunks, mel.bands, kChunkFrames}));
    append_range(places, sound.first, int64_t{mel.chunks} * kChunkTokens);
  }
  batch.spectrograms = chunks.empty() ? torch::empty({0, 0, kChunkFrames}) : torch::cat(chunks);
  batch.spectrograms = batch.spectrograms.to(device);
  batch.sound_places = copy_of(places, device);
}

}  // namespace

Batch make_batch(const PackedRows& packed, torch::ScalarType type, torch::Device device) {
  Batch batch{.type = type};
  batch.tokens = copy_of(packed.tokens, device).view({packed.rows, packed.length});
  batch.layout = {copy_of(packed.positions, device).view({packed.rows, packed.length}),
                  make_bias(packed, device)};
  std::vector<int64_t> places;
  std::vector<int64_t> targets;
  for (size_t place = 0; place < packed.next.size(); ++place) {
    if (packed.next[place] < 0) continue;
    places.push_back(static_cast<int64_t>(place));
    targets.push_back(packed.next[place]);
  }
  batch.taught_places = copy_of(places, device);
  batch.targets = copy_of(targets, device);
  place_pictures(packed, device, batch);
  place_sounds(packed, device, batch);
  return batch;
}

}  // namespace melete::train
