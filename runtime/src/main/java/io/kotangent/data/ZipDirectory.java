package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the directory at the end of a zip file says, checked before anything is unpacked: it reaches from its place to
 * the end of the file, its members lie before it, each at a header of the same name, and none overlaps another. Sizes
 * are those of the directory (zip64 or not), so that what stands in or behind the members themselves is not needed.
 */
final class ZipDirectory {
  private static final int LONGEST = 100_000_000;
  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_LENGTH = 56;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_LENGTH = 46;
  private static final int MEMBER = 0x04034b50;
  private static final int MEMBER_LENGTH = 30;
  private static final int ZIP_64 = 1;
  private static final int ENCRYPTED = 1 | 1 << 5 | 1 << 6 | 1 << 13;
  private static final long SATURATED = 0xffff_ffffL;

  private final TensorSource source;

  private ZipDirectory(TensorSource source) {
    this.source = source;
  }

  /** All members, in the order of the directory. */
  static List<ZipMember> members(TensorSource source) throws IOException {
    return new ZipDirectory(source).members();
  }

  private DataException wrong(Kind kind, long offset, String detail) {
    return new DataException(source.format(), kind, source.name(), offset, detail);
  }

  private DataException damaged(long offset, String detail) {
    return wrong(Kind.HEADER, offset, detail + "; the file is damaged, save or copy it again");
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    return ByteBuffer.wrap(source.bytes(position, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the entries are and how many. */
  private record Place(long count, long size, long offset, long end) {
  }

  private List<ZipMember> members() throws IOException {
    long end = end();
    Place place = place(end);
    if (place.offset < 0 || place.size < 0 || place.offset > place.end
        || place.size != place.end - place.offset) {
      throw damaged(end, "the directory is said to have " + Long.toUnsignedString(place.size)
          + " bytes from byte " + Long.toUnsignedString(place.offset)
          + ": expected it to end at byte "
          + place.end);
    }
    if (place.count < 0 || place.count > TensorHeader.MOST_ENTRIES || place.size > LONGEST) {
      throw wrong(Kind.LIMIT, end, "a directory of " + Long.toUnsignedString(place.count)
          + " members and " + place.size + " bytes: expected at most " + TensorHeader.MOST_ENTRIES
          + " and " + LONGEST + "; save several files");
    }
    ByteBuffer entries = bytes(place.offset, (int) place.size);
    List<ZipMember> members = new ArrayList<>();
    for (long i = 0; i < place.count; i++) {
      members.add(entry(entries, place.offset));
    }
    if (entries.hasRemaining()) {
      throw damaged(place.offset + entries.position(), entries.remaining()
          + " bytes follow the " + place.count + " members of the directory");
    }
    checkApart(members, place.offset);
    return members;
  }

  /** Finds the record that ends the file; only a comment may follow it, exactly as long as the record says. */
  private long end() throws IOException {
    long size = source.size();
    if (size == 0) {
      throw wrong(Kind.EMPTY, 0, "the file is empty; save it again by numpy.savez");
    }
    int some = (int) Math.min(size, END_LENGTH + 0xffff);
    ByteBuffer last = bytes(size - some, some);
    for (int at = some - END_LENGTH; at >= 0; at--) {
      if (last.getInt(at) == END
          && (last.getShort(at + 20) & 0xffff) == some - at - END_LENGTH) {
        return size - some + at;
      }
    }
    byte[] start = source.bytes(0, (int) Math.min(size, 40));
    if (start[0] == 'P' && (start.length < 2 || start[1] == 'K')) {
      throw wrong(Kind.TRUNCATED, size,
          "the end of a zip file is missing, or something follows it; "
              + "save or copy it again");
    }
    throw wrong(Kind.HEADER, 0, "expected a zip file of npy arrays, which begins with 'PK'"
        + (FileBytes.startsWith(start, new byte[] {(byte) 0x93, 'N', 'U', 'M'})
            ? "; this is one array, read it by Npy" : FileBytes.looksLike(start))
        + "; save it by numpy.savez");
  }

  private Place place(long end) throws IOException {
    ByteBuffer record = bytes(end, END_LENGTH);
    long count = record.getShort(10) & 0xffff;
    Place small = new Place(count, record.getInt(12) & SATURATED, record.getInt(16) & SATURATED,
        end);
    long locator = end - LOCATOR_LENGTH;
    boolean isLarge = locator >= END_64_LENGTH && bytes(locator, 4).getInt() == LOCATOR;
    if (!isLarge) {
      if (record.getInt(4) != 0 || (record.getShort(8) & 0xffff) != count) {
        throw damaged(end, "the zip file is said to be one of several");
      }
      return small;
    }
    Place place = large(locator);
    if (count != Math.min(place.count, 0xffff) && count != 0xffff
        || small.size != place.size && small.size != SATURATED
        || small.offset != place.offset && small.offset != SATURATED) {
      throw damaged(end, "the two ends of the zip file contradict each other");
    }
    return place;
  }

  /** What the zip64 end says, which a locator leads to. */
  private Place large(long locator) throws IOException {
    long at = bytes(locator, LOCATOR_LENGTH).getLong(8);
    if (at < 0 || at > locator - END_64_LENGTH || bytes(at, 4).getInt() != END_64) {
      throw damaged(locator, "the zip64 end is not at byte " + Long.toUnsignedString(at)
          + " as it is said to be");
    }
    ByteBuffer large = bytes(at, END_64_LENGTH);
    if (large.getLong(4) != locator - at - 12 || large.getLong(16) != 0
        || large.getLong(24) != large.getLong(32)) {
      throw damaged(at, "the zip64 end contradicts its length, or the zip file is one of several");
    }
    return new Place(large.getLong(32), large.getLong(40), large.getLong(48), at);
  }

  /** Takes the next entry. */
  private ZipMember entry(ByteBuffer entries, long start) throws IOException {
    int at = entries.position();
    long offset = start + at;
    if (entries.remaining() < ENTRY_LENGTH || entries.getInt(at) != ENTRY) {
      throw damaged(offset, "expected a member of the directory");
    }
    int nameLength = entries.getShort(at + 28) & 0xffff;
    int extraLength = entries.getShort(at + 30) & 0xffff;
    int length = ENTRY_LENGTH + nameLength + extraLength + (entries.getShort(at + 32) & 0xffff);
    if (entries.remaining() < length) {
      throw damaged(offset, "the directory ends within a member");
    }
    byte[] name = new byte[nameLength];
    entries.get(at + ENTRY_LENGTH, name);
    String text = name(name, offset);
    int method = method(entries, text, offset);
    long[] numbers = {entries.getInt(at + 24) & SATURATED, entries.getInt(at + 20) & SATURATED,
        entries.getInt(at + 42) & SATURATED};
    widen(entries.slice(at + ENTRY_LENGTH + nameLength, extraLength)
        .order(ByteOrder.LITTLE_ENDIAN), numbers, offset);
    entries.position(at + length);
    long data = dataStart(numbers[2], name, text, start);
    if (numbers[1] < 0 || numbers[1] > start - data || numbers[0] < 0
        || method == ZipMember.STORED && numbers[0] != numbers[1]) {
      throw wrong(Kind.SIZE, offset, "member '" + text + "' is said to have "
          + Long.toUnsignedString(numbers[1]) + " bytes, " + Long.toUnsignedString(numbers[0])
          + " unpacked, from byte " + data + ": expected it before byte " + start
          + ", and no shorter than it is unpacked if stored; save or copy it again");
    }
    return new ZipMember(text, method, entries.getInt(at + 16), numbers[1], numbers[0],
        numbers[2], data);
  }

  private int method(ByteBuffer entries, String name, long offset) {
    int at = entries.position();
    int method = entries.getShort(at + 10) & 0xffff;
    boolean isEncrypted = (entries.getShort(at + 8) & ENCRYPTED) != 0;
    if (isEncrypted || method != ZipMember.STORED && method != ZipMember.DEFLATED) {
      throw wrong(Kind.TYPE, offset, "member '" + name + "' is "
          + (isEncrypted ? "encrypted" : "compressed by method " + method)
          + ": expected it stored or deflated; save it by numpy.savez or savez_compressed");
    }
    return method;
  }

  private String name(byte[] name, long offset) {
    if (FileBytes.firstNotUtf8(name, 0, name.length) >= 0) {
      throw wrong(Kind.ENCODING, offset + ENTRY_LENGTH,
          "the name of a member is not UTF-8; save it by numpy.savez");
    }
    String text = new String(name, StandardCharsets.UTF_8);
    if (!TensorHeader.isPlain(text)) {
      throw wrong(Kind.HEADER, offset + ENTRY_LENGTH,
          "the name of a member contains a control character; save it by another name");
    }
    return text;
  }

  /** Replaces the numbers that need more than 32 bits: unpacked size, packed size, offset. */
  private void widen(ByteBuffer extra, long[] numbers, long offset) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort();
      int length = extra.getShort() & 0xffff;
      if (length > extra.remaining()) {
        break;
      }
      int next = extra.position() + length;
      if (id == ZIP_64) {
        for (int i = 0; i < numbers.length; i++) {
          if (numbers[i] == SATURATED && next - extra.position() >= 8) {
            numbers[i] = extra.getLong();
          }
        }
        return;
      }
      extra.position(next);
    }
    for (long number : numbers) {
      if (number == SATURATED) {
        throw damaged(offset, "a member's 64-bit sizes are missing");
      }
    }
  }

  /** Where the bytes of a member begin, behind its own header. */
  private long dataStart(long offset, byte[] name, String text, long directory)
      throws IOException {
    if (offset >= 0 && offset <= directory - MEMBER_LENGTH) {
      ByteBuffer header = bytes(offset, MEMBER_LENGTH);
      int nameLength = header.getShort(26) & 0xffff;
      long data = offset + MEMBER_LENGTH + nameLength + (header.getShort(28) & 0xffff);
      if (header.getInt(0) == MEMBER && data <= directory && nameLength == name.length
          && bytes(offset + MEMBER_LENGTH, nameLength).equals(ByteBuffer.wrap(name))) {
        return data;
      }
    }
    throw damaged(offset < 0 || offset > directory ? directory : offset,
        "member '" + text + "' is not where the directory says, at byte "
            + Long.toUnsignedString(offset));
  }

  private void checkApart(List<ZipMember> members, long directory) {
    List<ZipMember> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparingLong(ZipMember::offset));
    long next = 0;
    for (ZipMember member : sorted) {
      if (member.offset() < next) {
        throw wrong(Kind.SIZE, member.offset(), "member '" + member.name()
            + "' overlaps another, which ends at byte " + next + "; save it again");
      }
      next = member.data() + member.packed();
    }
    if (sorted.isEmpty() ? directory != 0 : sorted.get(0).offset() != 0) {
      throw damaged(0, "something stands before the first member of the zip file");
    }
  }
}
