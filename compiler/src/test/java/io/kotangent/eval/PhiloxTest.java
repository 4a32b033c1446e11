package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The published known-answer vectors of Philox4x32-10.
@Tag("fast")
class PhiloxTest {
  @Test
  void givesThePublishedWords() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        Philox.words(new int[] {0, 0, 0, 0}, 0, 0));
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        Philox.words(new int[] {-1, -1, -1, -1}, -1, -1));
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        Philox.words(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822,
            0x299f31d0));
  }

  @Test
  void aStreamIsTheFirstBytesOfAHash() {
    // SHA-256 of "abc" begins with ba7816bf 8f01cfea
    assertEquals(0xeacf018fbf1678baL, Philox.stream("abc"));
  }
}
