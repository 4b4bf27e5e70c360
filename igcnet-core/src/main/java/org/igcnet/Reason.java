package org.igcnet;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in words for the end of a sentence that names the file already. An exception's
 * own message may be missing, or be no more than the file's name.
 */
public final class Reason {
  private Reason() {}

  /**
   * {@return the words for an exception: one line, and never empty}
   *
   * @param met what was thrown
   */
  public static String of(Throwable met) {
    return switch (met) {
      case UncheckedIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case NoSuchFileException _ -> "it does not exist";
      case AccessDeniedException _ -> "access is denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case NotDirectoryException _ -> "it is no folder";
      case DirectoryNotEmptyException _ -> "it is not empty";
      case FileSystemLoopException _ -> "a link in it leads back to it";
      case FileSystemException other -> said(other.getReason(), other);
      case EOFException _ -> "it ends too early";
      case CharacterCodingException _ -> "it is not in UTF-8";
      case UnknownHostException unknown -> "there is no host %s".formatted(unknown.getMessage());
      case ConnectException refused -> said(refused.getMessage(), "it cannot be connected to");
      default -> said(met.getMessage(), met);
    };
  }

  private static String said(@Nullable String message, Throwable met) {
    return said(message, met.getClass().getSimpleName());
  }

  /** The first line that says something. */
  private static String said(@Nullable String message, String otherwise) {
    return message == null
        ? otherwise
        : message
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .orElse(otherwise);
  }
}
