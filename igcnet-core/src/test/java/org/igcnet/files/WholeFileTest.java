package org.igcnet.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceIsWrittenToAndStays() {
    Path device = Path.of("/dev/null");
    WholeFile.requireWritable(device);
    WholeFile.write(device, text("a page"));
    assertThat(Files.isRegularFile(device)).isFalse();
    assertThat(WholeFile.aside(device)).doesNotExist();
    assertThatThrownBy(() -> WholeFile.write(Path.of("/dev/full"), text("a page")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("/dev/full cannot be written: ");
  }

  @Test
  void behindALinkTheFileIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    WholeFile.write(link, text("after"));
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("after");
  }

  @Test
  void aFolderIsNotReplaced() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThatThrownBy(() -> WholeFile.write(inner, text("a page")))
        .isInstanceOf(UserError.class)
        .hasMessage(inner + " cannot be written: it is a folder");
  }

  @Test
  void whatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    Path file = folder.resolve("page.html");
    WholeFile.requireWritable(file);
    assertThat(folder).isEmptyDirectory();
    Files.writeString(file, "before");
    WholeFile.requireWritable(file);
    assertThat(file).hasContent("before");
    Path missing = folder.resolve("missing/page.html");
    assertThatThrownBy(() -> WholeFile.requireWritable(missing))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(missing + " cannot be written: ");
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    WholeFile.requireWritableFolder(folder);
    WholeFile.requireWritableFolder(folder.resolve("a/b/c"));
    WholeFile.requireWritableFolder(Path.of("a/b/c"));
    assertThat(folder).isEmptyDirectory();
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Path below = file.resolve("a/b");
    assertThatThrownBy(() -> WholeFile.requireWritableFolder(below))
        .isInstanceOf(UserError.class)
        .hasMessage(below + " cannot be a folder: " + file + " is none");
    Path broken = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    assertThatThrownBy(() -> WholeFile.requireWritableFolder(broken))
        .isInstanceOf(UserError.class)
        .hasMessage(broken + " cannot be a folder: " + broken + " is none");
  }

  /** Not even root can make a file there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderWithoutPermissionIsSaidBeforeTheWork() {
    Path folder = Path.of("/proc/sys/run");
    assertThatThrownBy(() -> WholeFile.requireWritableFolder(folder))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(folder + " cannot be written: /proc/sys takes no new file (");
  }

  private static WholeFile.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
