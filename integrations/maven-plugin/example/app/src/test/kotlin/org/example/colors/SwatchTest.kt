package org.example.colors

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class SwatchTest {
  @Test
  fun `text on light colors is black`() {
    assertEquals("black", Swatch(1f, 0.9f, 0.8f).text)
  }

  @Test
  fun `text on dark colors is white`() {
    assertEquals("white", Swatch(0.1f, 0f, 0.3f).text)
  }
}
