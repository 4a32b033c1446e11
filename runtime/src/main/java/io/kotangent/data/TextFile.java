package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import io.kotangent.type.Argument;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Files of text in UTF-8. Only regular files are read, so none makes the reader wait; a file is written wholly or not at
 * all, as {@link SafeTensors} describes.
 */
public final class TextFile {
  private static final String FORMAT = "text";

  private TextFile() {
  }

  /**
   * All of a file.
   *
   * @throws DataException if it is no regular file, cannot be read, or is not UTF-8
   */
  public static String read(Path file) {
    Argument.given(file, "the path of a file");
    return FileBytes.inHeap(FORMAT, file.toString(), () -> {
      byte[] bytes = FileBytes.read(FORMAT, file);
      int bad = FileBytes.firstNotUtf8(bytes, 0, bytes.length);
      if (bad >= 0) {
        throw new DataException(FORMAT, Kind.ENCODING, file.toString(), bad, "not UTF-8");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    });
  }

  /**
   * Writes a file, wholly or not at all.
   *
   * @throws DataException if it cannot be written, or the text is not Unicode; what was there before is untouched
   */
  public static void write(Path file, String text) {
    Argument.given(file, "the path of a file");
    Argument.given(text, "a text");
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      AtomicFile.write(FORMAT, file,
          out -> out.write(bytes.array(), bytes.arrayOffset(), bytes.limit()));
    } catch (CharacterCodingException e) {
      throw new DataException(FORMAT, Kind.ENCODING, file.toString(),
          "its text is not Unicode: half a surrogate pair", e);
    }
  }
}
