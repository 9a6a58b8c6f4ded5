app_name = "mentorat"
urlpatterns: list = []
