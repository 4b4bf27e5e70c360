package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.igcnet.arch.ImageShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library in an application with a class loader of its own, as one jar of all jars has it. */
class ClassLoaderTest {
  /** Whoever asked first has made Java look for readers; it does not look again for others. */
  @ParameterizedTest
  @ValueSource(strings = {"cmyk.jpg", "ycck.jpg", "lossless.webp"})
  void picturesAreReadAlikeWhateverLoadsTheClasses(String name) throws Exception {
    byte[] file = resource(name);
    assertThat(ImageIO.getReaderFormatNames()).contains("jpeg");
    byte[] here = Picture.of(file).fitted(ImageShape.CIFAR, Framing.WHOLE).values();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader application =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      assertThat(values(application, file)).isEqualTo(here);
      Thread.currentThread().setContextClassLoader(application);
      assertThat(values(application, file)).isEqualTo(here);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static byte[] values(ClassLoader application, byte[] file) throws Exception {
    Class<?> picture = application.loadClass(Picture.class.getName());
    assertThat(picture).isNotEqualTo(Picture.class);
    Class<?> shape = application.loadClass(ImageShape.class.getName());
    Class<?> framing = application.loadClass(Framing.class.getName());
    Object fitted =
        picture
            .getMethod("fitted", shape, framing)
            .invoke(
                picture.getMethod("of", byte[].class).invoke(null, file),
                shape.getField("CIFAR").get(null),
                framing.getField("WHOLE").get(null));
    return (byte[]) fitted.getClass().getMethod("values").invoke(fitted);
  }

  private static URL[] classPath() throws IOException {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    return urls;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ClassLoaderTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
