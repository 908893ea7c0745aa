"""The record that nobody changes quietly: journal, triggers, Merkle tree, checkpoints, and their proof."""
