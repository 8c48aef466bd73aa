"""DRF's TokenAuthentication in front of a view, settings as Django's deployment checklist and performance notes advise."""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings

url = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    DEBUG=False,
    SECRET_KEY="a-secret-for-the-benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "rest_framework.authtoken"],
    MIDDLEWARE=[],
    USE_TZ=True,
    LOGGING_CONFIG=None,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": url.hostname,
            "PORT": url.port,
            "USER": url.username,
            "PASSWORD": url.password,
            "NAME": url.path[1:],
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Hello(APIView):
    def post(self, request):
        is_hello = request.data["query"] == "{ hello }"
        return Response({"data": {"hello": "Hello, World!"}} if is_hello else {"data": {}})


urlpatterns = [path("graphql", Hello.as_view())]


def seed(count):
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into auth_user (username, password, first_name, last_name, email, is_active, is_staff, is_superuser, date_joined)
               select 'user-' || n, '!', '', '', '', true, false, false, now() from generate_series(0, %s - 1) n""",
            [count],
        )
        cursor.execute(
            """insert into authtoken_token (key, user_id, created)
               select left(encode(sha256(convert_to('bench-' || n, 'UTF8')), 'hex'), 40),
                      (select min(id) from auth_user) + n, now() from generate_series(0, %s - 1) n""",
            [count],
        )
        cursor.execute("analyze")
    connection.close()


seed(int(os.environ["SEED"]))
application = get_wsgi_application()
