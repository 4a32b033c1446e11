package io.kotangent.data;

import io.kotangent.type.KotangentException;

/** A data or model file that is not what it should be. Nothing of it was used. */
public final class DataException extends KotangentException {
  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Kind {
    /** No bytes, or no data at all. */
    EMPTY,
    /** The file ends before it should. */
    TRUNCATED,
    /** Something follows the end. */
    TRAILING,
    /** Another format, or the description at the start is malformed. */
    HEADER,
    /** Text that does not follow the rules of the format, or exceeds what its parser takes. */
    SYNTAX,
    /** An element type that is unknown or not supported. */
    TYPE,
    /** Sizes that contradict each other or the bytes present. */
    SIZE,
    /** A value that does not belong there. */
    VALUE,
    /** Text that is not UTF-8. */
    ENCODING,
    /** A checksum that does not fit. */
    CHECKSUM,
    /** More than this library is willing to read. */
    LIMIT,
    /** It does not fit the model, or another file. */
    MISMATCH,
    /** The operating system refused. */
    UNREADABLE
  }

  private final String format;
  private final Kind kind;
  private final long offset;

  /**
   * Something wrong in a file.
   *
   * @param format {@code IDX}, {@code CSV}, {@code gzip}, {@code safetensors}, {@code npy}, {@code npz} or {@code text}
   * @param source the file's name
   * @param offset the byte where it was noticed, from 0; for gzip files of another format and for members of npz
   *     files, of the content; -1 if it is nowhere in particular
   */
  public DataException(String format, Kind kind, String source, long offset, String detail) {
    super(format + " file " + source + (offset >= 0 ? ", byte " + offset : "") + ": " + detail);
    this.format = format;
    this.kind = kind;
    this.offset = offset;
  }

  DataException(String format, Kind kind, String source, String detail, Throwable cause) {
    super(format + " file " + source + ": " + detail, cause);
    this.format = format;
    this.kind = kind;
    this.offset = -1;
  }

  /**
   * The format that was expected: {@code IDX}, {@code CSV}, {@code gzip}, {@code safetensors}, {@code npy}, {@code npz},
   * {@code text}.
   */
  public String format() {
    return format;
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** The byte where it was noticed, from 0; -1 if it is nowhere in particular. */
  public long offset() {
    return offset;
  }
}
