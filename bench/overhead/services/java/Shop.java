import com.google.gson.Gson;
import com.google.gson.JsonObject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** The service in Java: Tomcat, and Java's own HTTP client. README.md says what it reads and does. */
public final class Shop extends HttpServlet {
    record Line(String sku, String note, int quantity, double price) {}

    record Order(List<Line> lines) {}

    private static final Gson GSON = new Gson();
    private final transient HttpClient client = HttpClient.newHttpClient();
    private final transient HttpRequest stock;
    private final String order;
    private final int rounds;
    private final int waitMilliseconds;

    private Shop(String url, int rounds, int waitMilliseconds) {
        this.stock = HttpRequest.newBuilder(URI.create(url)).build();
        this.rounds = rounds;
        this.waitMilliseconds = waitMilliseconds;
        List<Line> lines = new ArrayList<>();
        for (int line = 0; line < 50; line++) {
            lines.add(new Line("sku-" + line, "as ordered", 2, 1.5));
        }
        this.order = GSON.toJson(new Order(lines));
    }

    public static void main(String[] arguments) throws Exception {
        String[] listen = System.getenv("LISTEN").split(":");
        String url = "http://" + System.getenv("LISTEN") + "/stock";
        Shop shop = new Shop(url, number("ROUNDS"), number("WAIT_MS"));
        Tomcat tomcat = new Tomcat();
        // It works in a folder of its own.
        tomcat.setBaseDir(".");
        tomcat.setPort(Integer.parseInt(listen[1]));
        tomcat.getConnector().setProperty("address", listen[0]);
        // By default Tomcat closes a connection after a hundred requests.
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", new File(".").getAbsolutePath());
        Tomcat.addServlet(context, "shop", shop);
        context.addServletMappingDecoded("/*", "shop");
        tomcat.start();
        tomcat.getServer().await();
    }

    private static int number(String variable) {
        return Integer.parseInt(System.getenv(variable));
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getPathInfo()) {
            case "/order" -> answer(response, Map.of("total", work(), "left", left()));
            // Its answer takes as long as a database's would.
            case "/stock" -> {
                pause();
                answer(response, Map.of("left", 7));
            }
            case "/bare" -> answer(response, Map.of("left", 7));
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** Return what an order costs, from as many parsed and written documents as rounds are asked for. */
    private double work() {
        double total = 0;
        for (int round = 0; round < rounds; round++) {
            Order found = GSON.fromJson(order, Order.class);
            for (Line line : found.lines()) {
                total += line.quantity() * line.price();
            }
            total += GSON.toJson(found).length() - order.length();
        }
        return total;
    }

    private int left() throws IOException {
        try {
            String answer = client.send(stock, HttpResponse.BodyHandlers.ofString()).body();
            return GSON.fromJson(answer, JsonObject.class).get("left").getAsInt();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(waitMilliseconds);
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    private static void answer(HttpServletResponse response, Map<String, Object> found) throws IOException {
        response.setContentType("application/json");
        response.getOutputStream().write(GSON.toJson(found).getBytes(StandardCharsets.UTF_8));
    }
}
