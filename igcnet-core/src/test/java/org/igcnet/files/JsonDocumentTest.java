package org.igcnet.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
  record Sample(String word, int number, boolean flag, List<String> words) {}

  @Test
  void aRecordComesBack() {
    Sample sample = new Sample("1", 2, true, List.of("a", "3.5"));
    assertThat(read(JsonDocument.line(sample))).isEqualTo(sample);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'word':1,'number':2,'flag':true,'words':[]}",
        "{'word':1.5,'number':2,'flag':true,'words':[]}",
        "{'word':true,'number':2,'flag':true,'words':[]}",
        "{'word':'a','number':'2','flag':true,'words':[]}",
        "{'word':'a','number':2.0,'flag':true,'words':[]}",
        "{'word':'a','number':2,'flag':'true','words':[]}",
        "{'word':'a','number':2,'flag':1,'words':[]}",
        "{'word':'a','number':2,'flag':true,'words':['a',1]}",
        "{'word':'a','number':2,'flag':true,'words':['a',null]}",
        "{'word':'a','flag':true,'words':[]}",
        "{'word':'a','number':2,'number':2,'flag':true,'words':[]}",
        "{'word':'a','number':2,'flag':true,'words':[],'more':1}",
        "{'word':'a','number':2,'flag':true,'words':[]} 1"
      })
  void whatIsOfAnotherKindMissingTwiceOrUnknownIsRefused(String document) {
    assertThatThrownBy(() -> read(document.replace('\'', '"')))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("a document ");
  }

  private static Sample read(String document) {
    return JsonDocument.read("a document", document, Sample.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeOrADeviceIsNeverOpened(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("run.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/zero"));
    for (Path file : new Path[] {pipe, link}) {
      String refusal =
          file + " cannot be read: it is a pipe or a device, where a file would be right";
      assertThatThrownBy(() -> JsonDocument.text(file, 1000))
          .isInstanceOf(UserError.class)
          .hasMessage(refusal);
      assertThatThrownBy(() -> SafetensorsFile.open(file))
          .isInstanceOf(UserError.class)
          .hasMessage(refusal);
    }
  }
}
