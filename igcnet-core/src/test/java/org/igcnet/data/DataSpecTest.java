package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSpecTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "shapes",
        "shapes:7",
        "cifar10:/a folder/b,c",
        "svhn:x,held-out=0.1",
        "imagenet:/data,size=64",
        "folder:~/p,size=32,held-out=0.25:3,strict",
        "imagenet:/data,held-out=0.0005",
        "imagenet:/data,held-out=0.00000000123456789:7"
      })
  void whatIsReadIsWrittenAgain(String text) {
    assertThat(DataSpec.parse(text)).hasToString(text);
  }

  @Test
  void allPartsAreRead() {
    assertThat(DataSpec.parse("folder:/a:b,held-out=0.5:12,strict,size=96"))
        .isEqualTo(
            new DataSpec(
                DataSpec.Kind.FOLDER,
                "/a:b",
                OptionalInt.of(96),
                Optional.of(new HeldOut(0.5, 12)),
                true));
    assertThat(DataSpec.parse("shards:d").orSize(64)).hasToString("shards:d,size=64");
    assertThat(DataSpec.parse("shards:d,size=32").orSize(64)).hasToString("shards:d,size=32");
    assertThat(DataSpec.parse("shapes").orSize(64)).hasToString("shapes");
  }

  @Test
  void optionsMayBeMany() {
    assertThat(DataSpec.parse("folder:a,b" + ",strict".repeat(15_000) + ",size=8"))
        .hasToString("folder:a,b,size=8,strict");
    assertThat(DataSpec.parse("folder:a\nb,strict")).hasToString("folder:a\nb,strict");
  }

  @Test
  void tarFilesCanHoldImageNet() {
    assertThat(DataSpec.standsFor("shards", "imagenet")).isTrue();
    assertThat(DataSpec.standsFor("imagenet", "shards")).isFalse();
    assertThat(DataSpec.standsFor("folder", "imagenet")).isFalse();
    assertThat(DataSpec.standsFor("shards", "cifar10")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "cifar10:d,size=64|'cifar10' takes no size; imagenet, shards, folder do",
        "shapes:1,held-out=0.1|'shapes' takes no held-out share; svhn, svhn-validation, imagenet, shards, folder do",
        "svhn:d,strict|'svhn' takes no 'strict'; imagenet, shards, folder do",
        "folder:d,size=x|'x' is no size; 64 would be right",
        "folder:d,size=0|images of 0 rows and columns cannot be; the size is from 1 to 4,096, usually 224",
        "folder:d,size=5000|images of 5000 rows and columns cannot be; the size is from 1 to 4,096, usually 224",
        "folder:d,held-out=1|a held-out share of 1.0 cannot be; it is from 0 to below 1, for example 0.1",
        "folder:d,held-out=-1|'-1' is no share to hold out; 0.1, or 0.1:SEED, would be right",
        "folder:d,held-out=1.1.1|'1.1.1' is no share to hold out; 0.1, or 0.1:SEED, would be right"
      })
  void whatCannotBeIsRefused(String text, String message) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void eachKindIsVariedAsInItsField() {
    assertThat(DataSpec.parse("cifar10:d").augmentation()).isEqualTo(Augmentation.CROP_AND_MIRROR);
    assertThat(DataSpec.parse("svhn:d").augmentation()).isEqualTo(Augmentation.NONE);
    assertThat(DataSpec.parse("imagenet:d").augmentation())
        .isEqualTo(Augmentation.SCALE_AND_MIRROR);
    assertThat(DataSpec.framing("imagenet:d,size=64").middle()).isEqualTo(0.875);
    assertThat(DataSpec.framing("cifar10:d")).isEqualTo(Framing.WHOLE);
    assertThat(DataSpec.framing("anything")).isEqualTo(Framing.WHOLE);
  }

  @Test
  void aShareOfEachClassIsHeldOut() {
    int[] labels = new int[170];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i < 100 ? 0 : i < 120 ? 1 : i < 124 ? 2 : 3;
    }
    BitSet held = new HeldOut(0.1, 5).choose(labels, 4);
    int[] counts = new int[4];
    held.stream().forEach(i -> counts[labels[i]]++);
    assertThat(counts).containsExactly(10, 2, 0, 5);
    assertThat(new HeldOut(0.1, 5).choose(labels, 4)).isEqualTo(held);
    assertThat(new HeldOut(0.1, 6).choose(labels, 4)).isNotEqualTo(held);
    // what is held out of one class does not depend on the others
    BitSet fewer = new HeldOut(0.1, 5).choose(Arrays.copyOf(labels, 124), 4);
    assertThat(fewer).isEqualTo(held.get(0, 124));
  }

  @Test
  void aFolderAloneSuggestsWhatItWouldBe(@TempDir Path photos) {
    assertThatThrownBy(() -> DataSpec.parse(photos.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(
            "; '%s' is a folder: as pictures in class folders it would be folder:%1$s", photos);
    assertThatThrownBy(() -> DataSpec.parse("photos"))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("folder:DIR");
  }
}
