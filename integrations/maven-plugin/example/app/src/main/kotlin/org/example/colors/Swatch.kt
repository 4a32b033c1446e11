package org.example.colors

/** A color and how text on it is written, from Kotlin. */
data class Swatch(val red: Float, val green: Float, val blue: Float) {
  /** What CSS calls the color of text. */
  val text: String
    get() {
      val (black, white) = network.predict(floatArrayOf(red, green, blue)).toList()
      return if (black > white) "black" else "white"
    }

  private companion object {
    val network: TextColor = TextColor.load()
  }
}
