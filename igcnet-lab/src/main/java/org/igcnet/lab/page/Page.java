package org.igcnet.lab.page;

import com.samskivert.mustache.Mustache;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * HTML from the templates beside this class. What a template names in two braces is escaped; what
 * it names in three is markup that was made here.
 */
public final class Page {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler().emptyStringIsFalse(true).withLoader(Page::template);

  private Page() {}

  /**
   * Fills a template.
   *
   * @param template its name, without the ending
   * @param view a record whose components it names
   */
  public static byte[] of(String template, Object view) {
    return COMPILER.loadTemplate(template).execute(view).getBytes(StandardCharsets.UTF_8);
  }

  private static Reader template(String name) {
    return new InputStreamReader(
        Objects.requireNonNull(Page.class.getResourceAsStream(name + ".mustache"), name),
        StandardCharsets.UTF_8);
  }
}
