"""The versions of records whose pages can be asked for as of a moment are found by the identifier."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0004_topics_of_changes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='historicalagent',
            index=models.Index(fields=['uid'], name='claims_hist_uid_9549a8_idx'),
        ),
        migrations.AddIndex(
            model_name='historicalclaim',
            index=models.Index(fields=['uid'], name='claims_hist_uid_355bd0_idx'),
        ),
        migrations.AddIndex(
            model_name='historicalquestion',
            index=models.Index(fields=['uid'], name='claims_hist_uid_2fea4e_idx'),
        ),
    ]
