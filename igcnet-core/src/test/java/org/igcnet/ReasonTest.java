package org.igcnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
  private static void assertSays(String words, Throwable met) {
    assertThat(Reason.of(met)).isEqualTo(words);
  }

  @Test
  void aMessageThatIsOnlyAFilesNameBecomesWords() {
    assertSays("it does not exist", new NoSuchFileException("/data/a"));
    assertSays("access is denied", new AccessDeniedException("/data/a"));
    assertSays("it exists already", new FileAlreadyExistsException("/data/a"));
    assertSays("it is not empty", new DirectoryNotEmptyException("/data/a"));
    assertSays("it is no folder", new NotDirectoryException("/data/a"));
    assertSays("a link in it leads back to it", new FileSystemLoopException("/data/a"));
    assertSays("there is no host example.org", new UnknownHostException("example.org"));
    assertSays("FileSystemException", new FileSystemException("/data/a"));
  }

  @Test
  void theSystemsReasonComesWithoutTheFile() {
    assertSays("Input/output error", new FileSystemException("/a", "/b", "Input/output error"));
  }

  @Test
  void aMessageThatIsMissingOrEmptyBecomesTheKind() {
    assertSays("ClosedChannelException", new ClosedChannelException());
    assertSays("IOException", new IOException(" \n"));
    assertSays("it ends too early", new EOFException());
    assertSays("it is not in UTF-8", new MalformedInputException(1));
    assertSays("it cannot be connected to", new ConnectException());
  }

  @Test
  void ofAMessageTheFirstLineIsKept() {
    assertSays("No space left on device", new IOException("\n No space left on device\nat 7"));
    assertSays("it does not exist", new UncheckedIOException(new NoSuchFileException("/a")));
  }

  /** What the system throws where a folder is read as a file. */
  @Test
  void aRealOne(@TempDir Path folder) throws IOException {
    try (var in = Files.newInputStream(folder)) {
      assertThat(in.readAllBytes()).as("some systems read folders").isNotNull();
    } catch (IOException e) {
      assertThat(Reason.of(e)).doesNotContain(folder.toString()).isNotBlank();
    }
  }
}
